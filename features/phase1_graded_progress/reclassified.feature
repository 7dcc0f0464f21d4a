Feature: A crime that turns out to be another one
  Who is told of a crime follows what it is recorded as now: one that may no longer be in the portal
  is gone from it at once, and one that may be is offered to its victim.

  @S-120 @CASE-05 @SAFE-02
  Scenario Outline: Out of the portal
    Given Alex wants to hear by text and email
    And Alex has signed in to follow an assault
    When Alex's crime is reclassified as <another>
    And an officer is deployed to Alex's crime
    And a day passes
    Then Alex hears nothing more
    And Alex can read nothing of the crime

    Examples:
      | another                               |
      | a sexual offence                      |
      | an assault marked as domestic abuse   |
      | an assault marked as trafficking      |

  @S-121 @CASE-05
  Scenario: What waits for the morning is not sent either
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    And it is 22:00
    When an officer is deployed to Alex's crime
    And Alex's crime is reclassified as a sexual offence
    And a day passes
    Then Alex hears nothing more

  @S-122 @CASE-05
  Scenario: The victim's other crime stays in the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    And Alex's bicycle theft has been recorded
    When Alex's assault is reclassified as a sexual offence
    And Alex has read every message
    Then Alex can read nothing of the assault
    And Alex's list has 1 crimes
    When an officer is deployed to Alex's crime
    Then Alex is told by text that there is an update

  @S-123 @INV-01
  Scenario: Into the portal
    Given Alex wants to hear by text and email
    When Alex's sexual offence is recorded
    And a day passes
    Then Alex hears nothing
    When Alex's crime is reclassified as an assault
    Then Alex is invited by text and email
    And Alex can sign in from the invitation
    And Alex's list has 1 crimes

  @S-124 @INV-01
  Scenario: Into the portal of somebody who is there already
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Alex's sexual offence has been recorded
    And an hour has passed
    And Alex has read every message
    When Alex's sexual offence is reclassified as an assault
    Then Alex is told by text that there is an update
    And Alex's list has 2 crimes

  @S-125 @INV-03
  Scenario: A marker that stays keeps it out
    Given Alex wants to hear by text and email
    When Alex's sexual offence is recorded
    And Alex's crime is reclassified as an assault marked as domestic abuse
    And a day passes
    Then Alex hears nothing
