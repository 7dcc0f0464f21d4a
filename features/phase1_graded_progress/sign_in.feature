Feature: What opens the portal does so once, and for a time
  A link lies in a mailbox, a phone lies on a table, a browser is left open: what opened the portal
  once must not go on opening it.

  @INV-05 @early
  Scenario: An invitation that lay about too long opens nothing
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    When the time of an invitation is over
    Then Alex can no longer sign in from the invitation

  @INV-06
  Scenario: The link in the email ends with the one in the text
    Given Alex wants to hear by text and email
    When Alex's bicycle theft is recorded
    Then Alex is invited by text and email
    When Alex signs in from the invitation
    Then no link that Alex was sent works again

  @AUTH-05
  Scenario: Too many wrong answers, and the right one comes too late
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    When a stranger who has Alex's link uses up every attempt at what proves who Alex is
    Then what proves who Alex is comes too late

  @AUTH-06
  Scenario: Too many wrong codes, and the right one comes too late
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    When a stranger who has Alex's link and the proof uses up every attempt at the code
    Then the code opens nothing

  @AUTH-07
  Scenario: A code that was used opens nothing
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    And Alex has a one-time code
    When the code is entered
    Then the code opens nothing

  @AUTH-08
  Scenario: A code that lay about too long opens nothing
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    And Alex has a one-time code
    When the time of a one-time code is over
    Then the code opens nothing

  @AUTH-09
  Scenario: Signing out is the end of the session
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex signs out
    Then Alex's old session shows nothing

  @AUTH-10
  Scenario: A session that nobody uses ends
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex does nothing for as long as a session lasts
    Then Alex's old session shows nothing

  @AUTH-11
  Scenario: A session that is always used ends too
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex reads on without a break for as long as a session may last
    Then Alex's old session shows nothing

  @AUTH-12
  Scenario: Nobody learns at the door who is known to the force
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    Then a number that nobody has is answered just as Alex's is
