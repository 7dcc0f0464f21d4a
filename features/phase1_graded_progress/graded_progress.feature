Feature: A victim is told of each step, and reads it on their crime's page
  A text or an email says only that there is an update. The page says what it is.

  @MSG-01 @MSG-02 @CASE-01
  Scenario Outline: Told that there is an update, and what it is
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When <step>
    Then Alex is told by text and email that there is an update
    And Alex's page has something new

    Examples:
      | step                                           |
      | an officer is deployed to Alex's crime         |
      | Alex's crime is allocated to PC Okafor         |
      | Alex's crime is allocated to the burglary team |
      | an appointment is made with Alex               |

  @CASE-02
  Scenario: The officer in charge by name and collar number
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex's crime is allocated to PC Okafor
    Then Alex's page names PC Okafor and the collar number

  @CASE-03
  Scenario Outline: Closed, with the reason
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex's crime is closed with outcome <outcome>
    Then Alex is told by text that there is an update
    And Alex's crime is shown as closed
    And Alex's page has something new

    Examples:
      | outcome |
      | 8       |
      | 14      |
      | 15      |
      | 16      |
      | 18      |

  @CASE-04
  Scenario: Charged is never called closed
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a suspect is charged with Alex's crime
    Then Alex is told by text that there is an update
    And Alex's crime is shown as charged
    And nothing on Alex's page says closed

  @PRIV-01
  Scenario Outline: A message gives nothing away
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a <crime>
    When <step>
    Then Alex is told by text and email that there is an update
    And no message to Alex says what it is about

    Examples:
      | crime                 | step                                 |
      | bicycle theft         | Alex's crime is closed with outcome 18 |
      | burglary at home      | an appointment is made with Alex     |
      | assault               | a suspect is charged with Alex's crime |

  @PRIV-02
  Scenario: The force's own notes stay with the force
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When an officer writes for colleagues only "CCTV shows the neighbour at number 12; do not disclose"
    And an officer is deployed to Alex's crime
    Then Alex is told by text and email that there is an update
    And Alex never sees "CCTV shows the neighbour"

  @PRIV-03
  Scenario: Only their own crime
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a burglary at home
    When Sam asks the portal for Alex's crime
    Then Sam is shown nothing of Alex's crime

  @ONCE-01
  Scenario: Once, though the crime system says it twice
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to Alex's crime
    And the crime system sends the same event again
    And an hour passes
    Then Alex is told by text and email exactly once

  @INT-02
  Scenario: Not lost when it comes before the crime is recorded
    Given Alex wants to hear by text
    And the crime system holds back that Alex's bicycle theft is recorded
    When an officer is deployed to Alex's crime
    And what was held back is sent
    Then Alex is invited by text
    And Alex can sign in from the invitation
    And Alex's page says an officer was sent

  @MSG-03
  Scenario: Not at night
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is 23:00
    When an officer is deployed to Alex's crime
    Then Alex is not told before 8 in the morning
    And Alex is told by text that there is an update
