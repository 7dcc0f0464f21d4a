Feature: A report of which no crime is recorded yet is acknowledged
  A call taker writes a report down before anybody knows what it was. The person who made it is told
  once that the police have it. There is nothing to sign in to until a crime is recorded.

  @S-410 @INC-01 @needs_incidents
  Scenario: A person who reports something is told once that the police have the report
    Given Alex wants to hear by text
    When Alex reports something of which no crime is recorded yet
    Then Alex is told by text once that the police have the report
    And Alex gets no more messages

  @S-411 @INC-01 @needs_incidents
  Scenario: The victim of a crime that is recorded from a report is not told of the report again
    Given Alex wants to hear by text
    When Alex reports something of which no crime is recorded yet
    Then Alex is told by text once that the police have the report
    When what Alex reported is recorded as a bicycle theft
    Then Alex gets an invitation by text, and nothing else

  @S-412 @INC-02 @needs_incidents
  Scenario Outline: A person who may not be told of a crime gets no acknowledgement
    Given Alex wants to hear by text
    And Alex is recorded as <how>
    When Alex reports something of which no crime is recorded yet
    And 2 hours pass
    Then Alex gets no message

    Examples:
      | how                                 |
      | not safe to contact                 |
      | a person whose record is restricted |

  @S-414 @INC-02 @needs_incidents
  Scenario Outline: A report that is flagged as a danger to the victim gets no acknowledgement
    Given Alex wants to hear by text and email
    When Alex reports something, flagged <flag>, of which no crime is recorded yet
    And a day passes
    Then Alex gets no message

    Examples:
      | flag               |
      | domestic abuse     |
      | honour-based abuse |
      | modern slavery     |

  @S-413 @INC-02 @needs_incidents
  Scenario: A report that becomes no crime has no page
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex reports something of which no crime is recorded yet
    Then Alex is told by text once that the police have the report
    When what Alex reported is closed, and no crime is recorded
    And 2 hours pass
    Then Alex's list shows 1 report
    And Alex gets no more messages
