Feature: What breaks for a while costs no victim anything
  The message gateway is down for an afternoon, or for a night. What it would not take waits, and
  the victim hears of it once. The portal itself dies and lives again, and knows what it knew.

  @S-126 @REL-01
  Scenario: News while no message can be sent
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the gateway is down and no message can be sent
    When an officer is deployed to the crime Alex reported
    And 5 hours pass
    And messages can be sent again
    And 2 hours pass
    Then Alex is told by text and email exactly once

  @S-127 @REL-01 @MSG-03
  Scenario: What could not be sent in the evening waits for the morning
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And it is 18:00
    And the gateway is down and no message can be sent
    When an officer is deployed to the crime Alex reported
    And 4 hours pass
    And messages can be sent again
    Then Alex gets no message from 21:00 until 8 in the morning
    When 2 hours pass
    Then Alex is told by text and email exactly once

  @S-128 @REL-02 @needs_restarts
  Scenario: The portal is killed in the night
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And the portal is killed and started again
    And the crime system sends the same event again
    And 10 hours pass
    Then Alex is told by text and email exactly once
    And Alex's page shows something new

  @S-129 @REL-02 @needs_restarts
  Scenario: What was told before the portal was killed is not told again
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    When the portal is killed and started again
    And the crime system sends the same event again
    Then Alex gets no more messages
