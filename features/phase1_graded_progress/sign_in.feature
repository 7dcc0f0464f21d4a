Feature: What opens the portal works once and for a limited time
  A link lies in a mailbox, a phone lies on a table, a browser is left open: what opened the portal
  once must not go on opening it.

  @S-155 @INV-05 @early
  Scenario: An expired invitation does not open the portal
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When the invitation expires
    Then Alex can no longer sign in from the invitation

  @S-156 @INV-06
  Scenario: Using the link in the text ends the link in the email
    Given Alex wants to hear by text and email
    When the bicycle theft Alex reported is recorded
    Then Alex is invited by text and email
    When Alex signs in from the invitation
    Then no link sent to Alex works again

  @S-157 @AUTH-05
  Scenario: After too many wrong answers the right one is refused
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When a stranger who has Alex's link uses up every attempt at the proof of identity
    Then Alex's proof of identity is refused

  @S-244 @AUTH-05 @needs_workers
  Scenario: Wrong answers count whichever worker of the portal gets them
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    And the portal has a second worker
    When a stranger who has Alex's link uses up every attempt at the proof of identity
    Then Alex's proof of identity is refused

  @S-158 @AUTH-06
  Scenario: After too many wrong codes the right one is refused
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When a stranger who has Alex's link and proof of identity uses up every attempt at the code
    Then the code does not work

  @S-159 @AUTH-07
  Scenario: A used code does not work again
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    And Alex has a one-time code
    When the code is entered
    Then the code does not work

  @S-160 @AUTH-08
  Scenario: An expired code does not work
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    And Alex has a one-time code
    When the one-time code expires
    Then the code does not work

  @S-161 @AUTH-09
  Scenario: Signing out ends the session
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex signs out
    Then Alex's old session shows nothing

  @S-162 @AUTH-10
  Scenario: An unused session ends
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex does nothing for as long as a session lasts
    Then Alex's old session shows nothing

  @S-163 @AUTH-11
  Scenario: A session in constant use ends too
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex keeps reading for as long as a session may last
    Then Alex's old session shows nothing

  @S-164 @AUTH-12
  Scenario Outline: Sign-in does not reveal who is known to the force
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    Then a <detail> on no record gets the same answer as Alex's

    Examples:
      | channel | detail  |
      | text    | number  |
      | email   | mailbox |

  @S-165 @AUTH-13
  Scenario: Starting sign-in again does not allow endless guesses
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a stranger restarts sign-in with Alex's number as often as 100 guesses need
    Then the right answer for Alex is refused

  @S-481 @AUTH-16
  Scenario: A stranger's wrong answers do not keep the victim out
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a stranger restarts sign-in with Alex's number as often as 20 guesses need
    Then Alex can sign in again by mobile number

  @S-166 @AUTH-14
  Scenario Outline: A right answer at the last attempt is accepted
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex gets <what> right at the last attempt allowed
    Then Alex is signed in

    Examples:
      | what      |
      | the proof |
      | the code  |
