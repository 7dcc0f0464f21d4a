Feature: What opens the portal does so once, and for a time
  A link lies in a mailbox, a phone lies on a table, a browser is left open: what opened the portal
  once must not go on opening it.

  @S-155 @INV-05 @early
  Scenario: An invitation that lay about too long opens nothing
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When the invitation expires
    Then Alex can no longer sign in from the invitation

  @S-156 @INV-06
  Scenario: The link in the email ends with the one in the text
    Given Alex wants to hear by text and email
    When the bicycle theft Alex reported is recorded
    Then Alex is invited by text and email
    When Alex signs in from the invitation
    Then no link sent to Alex works again

  @S-157 @AUTH-05
  Scenario: Too many wrong answers, and the right one comes too late
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When a stranger who has Alex's link uses up every attempt at the proof of identity
    Then Alex's proof of identity is refused

  @S-158 @AUTH-06
  Scenario: Too many wrong codes, and the right one comes too late
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When a stranger who has Alex's link and proof of identity uses up every attempt at the code
    Then the code does not work

  @S-159 @AUTH-07
  Scenario: A code that was used opens nothing
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    And Alex has a one-time code
    When the code is entered
    Then the code does not work

  @S-160 @AUTH-08
  Scenario: A code that lay about too long opens nothing
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    And Alex has a one-time code
    When the one-time code expires
    Then the code does not work

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
    When Alex keeps reading for as long as a session may last
    Then Alex's old session shows nothing

  @S-164 @AUTH-12
  Scenario Outline: Nobody learns at the door who is known to the force
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    Then a <detail> that nobody has gets the same answer as Alex's

    Examples:
      | channel | detail  |
      | text    | number  |
      | email   | mailbox |

  @S-165 @AUTH-13
  Scenario: Whoever begins anew does not guess for ever
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a stranger restarts sign-in with Alex's number as often as 100 guesses need
    Then the right answer for Alex is refused

  @S-166 @AUTH-14
  Scenario Outline: Whoever gets it right at the last attempt comes in
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex gets <what> right at the last attempt allowed
    Then Alex is signed in

    Examples:
      | what      |
      | the proof |
      | the code  |
