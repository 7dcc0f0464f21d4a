Feature: A crime that turns out to be another one
  Who is told of a crime follows what it is recorded as now: one that may no longer be in the portal
  is gone from it at once, and one that may be is offered to its victim.

  @S-120 @CASE-05 @SAFE-02
  Scenario Outline: Out of the portal
    Given Alex wants to hear by text and email
    And Alex has signed in to follow an assault
    When the crime Alex reported is reclassified as <another>
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages
    And Alex can read nothing of the crime

    Examples:
      | another                             |
      | a sexual offence                    |
      | an assault (flagged domestic abuse) |
      | an assault (flagged trafficking)    |

  @S-121 @CASE-05
  Scenario: What waits for the morning is not sent either
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And the crime Alex reported is reclassified as a sexual offence
    And a day passes
    Then Alex gets no more messages

  @S-122 @CASE-05
  Scenario: The victim's other crime stays in the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    And the bicycle theft Alex reported has been recorded
    When the assault Alex reported is reclassified as a sexual offence
    And Alex has read every message
    Then Alex can read nothing of the assault
    And Alex's list shows 1 report
    When an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update

  @S-123 @INV-01
  Scenario: Into the portal
    Given Alex wants to hear by text and email
    When the sexual offence Alex reported is recorded
    And a day passes
    Then Alex gets no message
    When the crime Alex reported is reclassified as an assault
    Then Alex is invited by text and email
    And Alex can sign in from the invitation
    And Alex's list shows 1 report

  @S-124 @INV-01
  Scenario: Into the portal of somebody who is there already
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the sexual offence Alex reported has been recorded
    And an hour has passed
    And Alex has read every message
    When the sexual offence Alex reported is reclassified as an assault
    Then Alex is told by text that there is an update
    And Alex's list shows 2 reports

  @S-125 @INV-03
  Scenario: A marker that stays keeps it out
    Given Alex wants to hear by text and email
    When the sexual offence Alex reported is recorded
    And the crime Alex reported is reclassified as an assault (flagged domestic abuse)
    And a day passes
    Then Alex gets no message
