Feature: The force is asked whether a victim has enhanced rights
  A victim of hate crime, a victim under 18 and a bereaved family have enhanced rights under the Victims'
  Code. If the record does not say so they are told later than they should be, and by the wrong words.

  @S-423 @CODE-04
  Scenario Outline: The force is asked once where the record lacks enhanced rights
    Given Alex wants to hear by text
    And Alex has standard rights
    And Alex <is>
    And the order has the force asked about enhanced rights
    When the <crime> Alex reported is recorded
    Then the force is asked once whether Alex has enhanced rights

    Examples:
      | crime                        | is              |
      | assault (flagged hate crime) | is 40 years old |
      | bicycle theft                | is 15 years old |
      | bicycle theft                | has died        |

  @S-424 @CODE-04
  Scenario: The force is asked when a crime turns out to be a hate crime, and not again
    Given Alex wants to hear by text
    And Alex has standard rights
    And the order has the force asked about enhanced rights
    And Alex has signed in to follow an assault
    When the crime Alex reported is reclassified as an assault (flagged hate crime)
    And an hour passes
    And an officer is deployed to the crime Alex reported
    And the crime Alex reported is allocated to PC Okafor
    And a day passes
    Then the force is asked once whether Alex has enhanced rights

  @S-425 @CODE-04
  Scenario: Nobody is asked where the record has enhanced rights
    Given Alex wants to hear by text
    And Alex has enhanced rights
    When the assault (flagged hate crime) Alex reported is recorded
    And an hour passes
    Then nobody is asked whether Alex has enhanced rights
