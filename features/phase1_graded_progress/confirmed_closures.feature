Feature: A supervisor confirms a closure before the victim is told
  To record wrongly that a victim does not support the investigation does real harm. A supervisor
  looks first; until then the case is open for the victim.

  @S-330 @SUP-01
  Scenario: A closure that no supervisor has confirmed is not told
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome 16, which no supervisor has confirmed
    And a day passes
    Then Alex gets no more messages
    And Alex does not learn from the portal that the crime was closed

  @S-331 @SUP-01 @MSG-01
  Scenario: The victim is told when a supervisor has confirmed it
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome 16, which no supervisor has confirmed
    And a day passes
    And a supervisor confirms that the crime Alex reported is closed with outcome 16
    Then Alex is told by text that there is an update
