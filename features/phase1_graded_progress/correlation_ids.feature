Feature: What a delivery causes can be traced through every log
  When a victim says that they were never told, the force has to find where it stopped. Each delivery
  from the crime system has an id, and everything it causes carries that id, however late.

  @S-048 @INT-09 @needs_carries_correlation_id
  Scenario Outline: A message carries the id of the delivery that caused it
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    Then Alex is told by <channel> that there is an update
    And what Alex was told carries the id of the delivery that caused it

    Examples:
      | channel        |
      | text           |
      | email          |
      | text and email |

  @S-049 @INT-09 @needs_carries_correlation_id
  Scenario: An invitation carries the id of the delivery that caused it
    Given Alex wants to hear by text and email
    When the bicycle theft Alex reported is recorded
    Then Alex is invited by text and email
    And the invitation to Alex carries the id of the delivery that caused it

  @S-050 @INT-09 @needs_carries_correlation_id
  Scenario: One message about two deliveries carries the id of one of them
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    And 5 minutes pass
    And the crime Alex reported is allocated to PC Okafor
    Then Alex is told by text that there is an update
    And what Alex was told carries the id of the delivery that caused it

  @S-051 @INT-09 @needs_carries_correlation_id
  Scenario: A message held overnight carries the id of the evening's delivery
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex is told by text that there is an update
    And what Alex was told carries the id of the delivery that caused it

  @S-052 @INT-09 @needs_carries_correlation_id
  Scenario: A message held for the gateway carries the id of its delivery
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the gateway is down and no message can be sent
    When an officer is deployed to the crime Alex reported
    And 2 hours pass
    And messages can be sent again
    Then Alex is told by text that there is an update
    And what Alex was told carries the id of the delivery that caused it

  @S-053 @INT-09 @needs_carries_correlation_id
  Scenario: A task carries the id of the delivery that caused it
    Given Alex wants to hear by text
    And "07700 90012" was written as Alex's mobile number
    When the bicycle theft Alex reported is recorded
    And an hour passes
    Then the force is asked to look at Alex's details
    And the task about Alex carries the id of the delivery that caused it

  @S-054 @INT-09 @needs_carries_correlation_id
  Scenario: A task held for the crime system carries the id of its delivery
    Given Alex wants to hear by text
    And "07700 90012" was written as Alex's mobile number
    And the crime system is down
    When the bicycle theft Alex reported is recorded
    And an hour passes
    And the crime system is up again
    And an hour passes
    Then the force is asked to look at Alex's details
    And the task about Alex carries the id of the delivery that caused it

  @S-055 @INT-09 @needs_carries_correlation_id
  Scenario: A task to speak to a victim carries the id of the delivery that caused it
    Given Alex wants to hear by text
    And Alex has signed in to follow a robbery
    When the crime Alex reported is closed with outcome 18
    Then the force is asked to speak to Alex
    And the task about Alex carries the id of the delivery that caused it
