Feature: An outage costs no victim a message
  The message gateway is down for an afternoon, or for a night: messages wait, and the victim is told
  once. The portal itself crashes, is started again, and has lost nothing.

  @S-126 @REL-01
  Scenario: News during a gateway outage is sent when it ends
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the gateway is down and no message can be sent
    When an officer is deployed to the crime Alex reported
    And 5 hours pass
    And Alex has a new mobile number, which the force records, and Sam has the old one
    And messages can be sent again
    And 2 hours pass
    Then Alex is told by text and email exactly once
    And Sam gets no message

  @S-127 @REL-01 @MSG-03
  Scenario: A message that could not be sent in the evening waits for the morning
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

  @S-456 @REL-01 @ONCE-01
  Scenario: A message that the gateway took without an answer, and lists late, comes once
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the gateway takes the next text to Alex, answers nothing and lists it late
    When an officer is deployed to the crime Alex reported
    And 2 hours pass
    Then Alex is told by text exactly once

  @S-245 @CASE-01 @needs_workers
  Scenario: A victim who is signed in can read whichever worker of the portal answers
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the portal has a second worker
    When an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And Alex's page shows something new

  @S-128 @REL-02 @needs_restarts
  Scenario: A portal that crashes in the night still sends the morning's message
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And the portal crashes and is started again
    And the crime system sends the same event again
    And 10 hours pass
    Then Alex is told by text and email exactly once
    And Alex's page shows something new

  @S-129 @REL-02 @needs_restarts
  Scenario: A portal that crashed does not send the same message again
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    When the portal crashes and is started again
    And the crime system sends the same event again
    Then Alex gets no more messages
