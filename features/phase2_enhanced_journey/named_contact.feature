Feature: A message greets the person it is for by their own name

  @S-199 @WHO-02
  Scenario: An organisation's named contact is greeted by name
    Given Alex wants to hear by email
    And Alex is the named contact of Kiln Lane Stores
    And Alex has signed in to follow the bicycle theft that Alex is told about
    When an officer is deployed to the crime Alex reported
    Then Alex is told by email that there is an update
    And the last email to Alex greets Alex and does not name Kiln Lane Stores

  @S-200 @SAFE-03 @SAFE-05
  Scenario Outline: A person told in a victim's place is greeted by their own name
    Given Alex wants to hear by email
    And an officer decided that Alex is told in place of Robin, <who>
    And Alex has signed in to follow the bicycle theft that Alex is told about
    When an officer is deployed to the crime Alex reported
    Then Alex is told by email that there is an update
    And the last email to Alex greets Alex and does not name Robin

    Examples:
      | who           |
      | who has died  |
      | a child of 15 |

  @S-201 @WHO-02 @early
  Scenario: An organisation gets advice written for organisations
    Given Alex wants to hear by text
    And Alex is the named contact of Kiln Lane Stores
    And Alex has signed in to follow the bicycle theft that Alex is told about
    When 3 days pass
    Then Alex is told by text that there is an update
    And Alex's page does not say "your fault"
