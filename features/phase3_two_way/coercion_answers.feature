Feature: An answer is held back from a victim who is now a suspect
  The victim wrote to the officer, and is recorded as a suspect before the answer comes.

  @S-275 @SAFE-04
  Scenario: An answer is not sent or shown to a victim who is now a suspect
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a public order offence
    And the crime Alex reported is allocated to PC Okafor
    And Alex has asked "Has anybody spoken to the neighbours?"
    When the force records that Alex is a suspect in a linked crime
    And the officer replies "We have, and we will ring you."
    And a day passes
    Then Alex gets no more messages
    And Alex's old session shows nothing
