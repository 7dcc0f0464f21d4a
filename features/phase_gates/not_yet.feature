Feature: Features of a later phase are not there yet
  What is live before its phase has not been tested.

  @S-239 @GATE-02 @before_phase_2 @quick
  Scenario: No advice or regular updates before phase 2
    Given Alex wants to hear by text and email
    And Alex agreed to an update every 14 days
    And Alex has signed in to follow a bicycle theft
    When 30 days pass
    Then Alex gets no more messages

  @S-240 @GATE-02 @before_phase_2
  Scenario: Each piece of news is its own message before phase 2
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    And 20 minutes pass
    And the crime Alex reported is allocated to PC Okafor
    And 20 minutes pass
    Then Alex is told by text exactly twice

  @S-241 @GATE-02 @before_phase_2
  Scenario: A milestone is not announced before phase 2
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the investigation of the crime Alex reported reaches "suspect arrested"
    And a day passes
    Then Alex gets no more messages

  @S-242 @GATE-03 @before_phase_3 @quick
  Scenario: No writing to the officer before phase 3
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex tries to write to the officer
    Then the portal refuses it
    And nothing of it is in the crime system

  @S-243 @GATE-03 @before_phase_3
  Scenario: A reply is not announced before phase 3
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the officer replies "We are looking into it."
    And a day passes
    Then Alex never sees "We are looking into it."
