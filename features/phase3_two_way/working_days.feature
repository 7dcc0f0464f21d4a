Feature: The time for an answer is counted in working days

  @S-238 @DUE-02 @early
  Scenario: Weekends and bank holidays do not count as days to answer
    Given Alex wants to hear by text
    And it is the last working day before a weekend or bank holiday
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When Alex asks "Has anybody looked at the cameras on Mill Lane?"
    And the time for an answer is nearly over
    Then no supervisor is told that Alex has no answer
    When the time for an answer is over
    Then a supervisor is told once that Alex has no answer
