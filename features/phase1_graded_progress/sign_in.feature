Feature: What opens the portal does so once, and for a time
  A link lies in a mailbox, a phone lies on a table, a browser is left open: what opened the portal
  once must not go on opening it.

  @S-155 @INV-05 @early
  Scenario: An invitation that lay about too long opens nothing
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    When the time of an invitation is over
    Then Alex can no longer sign in from the invitation

  @S-156 @INV-06
  Scenario: The link in the email ends with the one in the text
    Given Alex wants to hear by text and email
    When Alex's bicycle theft is recorded
    Then Alex is invited by text and email
    When Alex signs in from the invitation
    Then no link that Alex was sent works again

  @S-157 @AUTH-05
  Scenario: Too many wrong answers, and the right one comes too late
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    When a stranger who has Alex's link uses up every attempt at what proves who Alex is
    Then what proves who Alex is comes too late

  @S-158 @AUTH-06
  Scenario: Too many wrong codes, and the right one comes too late
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    When a stranger who has Alex's link and the proof uses up every attempt at the code
    Then the code opens nothing

  @S-159 @AUTH-07
  Scenario: A code that was used opens nothing
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    And Alex has a one-time code
    When the code is entered
    Then the code opens nothing

  @S-160 @AUTH-08
  Scenario: A code that lay about too long opens nothing
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    And Alex has a one-time code
    When the time of a one-time code is over
    Then the code opens nothing

  @S-161 @AUTH-09
  Scenario: Signing out is the end of the session
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex signs out
    Then Alex's old session shows nothing

  @S-162 @AUTH-10
  Scenario: A session that nobody uses ends
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex does nothing for as long as a session lasts
    Then Alex's old session shows nothing

  @S-163 @AUTH-11
  Scenario: A session that is always used ends too
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex reads on without a break for as long as a session may last
    Then Alex's old session shows nothing

  @S-164 @AUTH-12
  Scenario Outline: Nobody learns at the door who is known to the force
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    Then a <detail> that nobody has is answered just as Alex's is

    Examples:
      | channel | detail  |
      | text    | number  |
      | email   | mailbox |

  @S-165 @AUTH-13
  Scenario: Whoever begins anew does not guess for ever
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a stranger begins anew by Alex's number as often as it takes for 100 guesses
    Then the right answer for Alex comes too late

  @S-166 @AUTH-14
  Scenario Outline: Whoever gets it right at the last attempt comes in
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex gets <what> right at the last attempt that is allowed
    Then Alex has come in

    Examples:
      | what      |
      | the proof |
      | the code  |
