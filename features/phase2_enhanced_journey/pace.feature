Feature: Messages come as often as agreed, and within the weekly limit
  The pace is as last agreed with the victim, over all the crimes they reported, and never slower
  than the Victims' Code allows.

  @S-202 @JOUR-06
  Scenario Outline: Advice on the offence the victim reported comes first
    Given Alex wants to hear by text
    And Alex has signed in to follow a <crime>
    Then Alex's advice begins with "<words>"

    Examples:
      | crime            | words              |
      | bicycle theft    | bicycle/bike/cycle |
      | burglary at home | home/house/burgl   |

  @S-203 @JOUR-07 @early
  Scenario: The weekly limit covers all the crimes a person reported
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Alex reported has been recorded
    And Alex has read every message
    When each crime Alex reported is reallocated twice a day for 5 days
    Then Alex gets no more messages than the weekly limit allows

  @S-204 @JOUR-08 @early
  Scenario: A newly agreed frequency takes effect
    Given Alex wants to hear by text
    And Alex agreed to an update every 14 days
    And Alex has signed in to follow a public order offence
    When 3 days pass
    Then Alex is told by text exactly once
    When the force records that Alex wants an update every 60 days
    And 40 days pass
    Then Alex gets no more messages
    When 20 days pass
    Then Alex is told by text exactly once

  @S-205 @JOUR-09 @early
  Scenario: The weekly limit delays no news longer than the Victims' Code allows
    Given Alex wants to hear by text
    And Alex has enhanced rights
    And Alex has signed in to follow a public order offence
    When the crime Alex reported is reallocated twice a day for 3 days
    And Alex has read every message
    When the investigation of the crime Alex reported reaches "suspect arrested"
    Then Alex gets a message about it by text within a working day

  @S-206 @GATE-04 @early
  Scenario: A crime from phase 1 follows the rules of phase 2
    Given Alex has followed a public order offence since phase 1
    When the investigation of the crime Alex reported reaches "suspect arrested"
    Then Alex is told by text that there is an update
