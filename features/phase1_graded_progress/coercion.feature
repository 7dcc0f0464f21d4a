Feature: Somebody who controls the victim uses the portal against them
  They hold the victim's phone, read the mailbox they share, guess the agreed word, or are found to be
  a suspect later. docs/coercion.md lists every situation, and the scenarios elsewhere that belong here.

  @S-270 @COERCE-03
  Scenario: A new proof of identity shuts out a person who learnt the old one
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the force records a new proof of identity for Alex
    And an hour passes
    Then the old proof of identity of Alex does not open the portal
    And Alex can sign in again by mobile number

  @S-271 @COERCE-01
  Scenario: A lock-out ends
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a stranger restarts sign-in with Alex's number as often as 100 guesses need
    Then the right answer for Alex is refused
    When 2 days pass
    Then Alex can sign in again by mobile number

  @S-272 @COERCE-02
  Scenario: The force is told that somebody used up the victim's attempts
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a stranger restarts sign-in with Alex's number as often as 100 guesses need
    Then the force is asked to help Alex sign in

  @S-273 @SAFE-04
  Scenario: A message held overnight is not sent to a victim who is a suspect by the morning
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a public order offence
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And the force records that Alex is a suspect in a linked crime
    And a day passes
    Then Alex gets no more messages
    And the force is asked to speak to Alex

  @S-274 @SAFE-04
  Scenario: An invitation does not open the portal to a victim who is now a suspect
    Given Alex wants to hear by text
    And the public order offence Alex reported has been recorded
    When the force records that Alex is a suspect in a linked crime
    Then Alex can no longer sign in from the invitation
