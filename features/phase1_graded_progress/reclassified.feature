Feature: A crime turns out to be a different one
  Who is told depends on what the crime is recorded as now: one that is no longer eligible leaves the
  portal at once, and the victim of one that becomes eligible is invited.

  @S-120 @CASE-05 @SAFE-02
  Scenario Outline: A crime reclassified as excluded leaves the portal
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
      | an assault (flagged modern slavery) |

  @S-121 @CASE-05
  Scenario: A message held overnight is not sent once the crime has left the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And the crime Alex reported is reclassified as a sexual offence
    And a day passes
    Then Alex gets no more messages

  @S-122 @CASE-05
  Scenario: The other crime the victim reported stays in the portal
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
  Scenario: A crime reclassified as eligible enters the portal
    Given Alex wants to hear by text and email
    When the sexual offence Alex reported is recorded
    And a day passes
    Then Alex gets no message
    When the crime Alex reported is reclassified as an assault
    Then Alex is invited by text and email
    And Alex can sign in from the invitation
    And Alex's list shows 1 report

  @S-124 @INV-01
  Scenario: A signed-in victim is told of a crime that becomes eligible
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the sexual offence Alex reported has been recorded
    And an hour has passed
    And Alex has read every message
    When the sexual offence Alex reported is reclassified as an assault
    Then Alex is told by text that there is an update
    And Alex's list shows 2 reports

  @S-125 @INV-03
  Scenario: A flag that stays keeps a reclassified crime out
    Given Alex wants to hear by text and email
    When the sexual offence Alex reported is recorded
    And the crime Alex reported is reclassified as an assault (flagged domestic abuse)
    And a day passes
    Then Alex gets no message
