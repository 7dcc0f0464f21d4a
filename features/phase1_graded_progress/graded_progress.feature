Feature: A victim is told of each step and reads it on the crime's page
  A text or an email says only that there is an update. The page says what it is.

  @S-056 @MSG-01 @MSG-02 @CASE-01 @quick
  Scenario Outline: The victim is told that there is an update and reads what it is
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When <step>
    Then Alex is told by text and email that there is an update
    And Alex's page shows something new

    Examples:
      | step                                                      |
      | an officer is deployed to the crime Alex reported         |
      | the crime Alex reported is allocated to PC Okafor         |
      | the crime Alex reported is allocated to the burglary team |
      | an appointment is made with Alex                          |

  @S-057 @MSG-01 @CASE-01
  Scenario Outline: The victim is told when an appointment is moved or cancelled
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And <before>
    And Alex has been told of it, and has read the page
    When the appointment with Alex is <what>
    Then Alex is told by text that there is an update
    And Alex's page shows something new

    Examples:
      | before                                                  | what      |
      | an appointment is made with Alex                        | moved     |
      | an appointment is made with Alex                        | cancelled |
      | an appointment with Alex is made, and put off for a day | moved     |

  @S-058 @MSG-01
  Scenario: Every victim of a crime is told
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Kim wants to hear by text
    And Alex, Sam and Kim have signed in to follow the same burglary at home
    When an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And Sam is told by text that there is an update
    And Kim is told by text that there is an update

  @S-059 @CASE-02
  Scenario: The page names the officer in charge and their collar number
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Lund
    When the crime Alex reported is allocated to PC Okafor
    Then Alex's page names PC Okafor and the collar number

  @S-352 @CODE-02 @needs_reach_officer
  Scenario: A report shows the crime reference and how to reach the officer in charge
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is allocated to PC Okafor
    Then Alex's report shows its crime reference and how to reach PC Okafor

  @S-060 @CASE-03
  Scenario Outline: A closed crime is shown as closed, with the reason
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome <outcome>
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as closed
    And Alex's page shows something new

    Examples:
      | outcome |
      | 8       |
      | 14      |
      | 15      |
      | 16      |
      | 18      |

  @S-061 @CASE-03
  Scenario Outline: Different outcomes give different reasons
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome <one>
    And the crime Sam reported is closed with outcome <other>
    Then Alex and Sam read different reasons

    Examples:
      | one | other |
      | 8   | 18    |
      | 15  | 16    |
      | 15  | 18    |

  @S-062 @CASE-04 @MSG-01
  Scenario: A charged case is never called closed
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Alex reported has been recorded
    When a suspect is charged with the crime Alex reported
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as charged
    And nothing on Alex's page says closed

  @S-063 @CASE-08
  Scenario: After a charge the page says who keeps the victim informed
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a suspect is charged with the crime Alex reported
    Then Alex's page says who keeps them informed after a charge

  @S-064 @PRIV-01 @SAFE-01
  Scenario Outline: A message gives no details away
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a <crime>
    When <step>
    Then Alex is told by text and email that there is an update
    And no message to Alex says what it is about

    Examples:
      | crime            | step                                              |
      | bicycle theft    | the crime Alex reported is closed with outcome 18 |
      | bicycle theft    | the crime Alex reported is allocated to PC Okafor |
      | burglary at home | an appointment is made with Alex                  |
      | assault          | a suspect is charged with the crime Alex reported |

  @S-065 @PRIV-02
  Scenario Outline: The force's own notes never reach the victim
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When an officer writes an internal note "<note>"
    And <step>
    Then Alex is told by text and email that there is an update
    And Alex never sees "<part>"

    Examples:
      | note                                                       | step                                              | part                     |
      | CCTV shows the neighbour at number 12; do not disclose     | an officer is deployed to the crime Alex reported | CCTV shows the neighbour |
      | Darren Cole of Mill Lane is the suspect, and is the nephew | a suspect is charged with the crime Alex reported | Cole                     |

  @S-066 @PRIV-03 @quick
  Scenario: A victim sees only the crime they reported
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a burglary at home
    When Sam asks the portal for the crime Alex reported
    Then Sam is shown nothing of the crime Alex reported

  @S-067 @PRIV-03
  Scenario: An appointment is shown only to the victim it is with
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    When an appointment is made with Alex
    Then Alex's page says where the appointment is
    And Sam never sees where the appointment is
    And Sam gets no more messages

  @S-482 @PRIV-03
  Scenario: A person who is told next does not see where the one before them was to be seen
    Given Alex wants to hear by text
    And an officer decided that Alex is told in place of Robin, who turns 18 in 2 days
    And Alex has signed in to follow the bicycle theft that Alex is told about
    When an appointment is made with Alex
    Then Alex's page says where the appointment is
    When 2 days pass
    And the force decides that Robin is told instead of Alex
    Then Robin is invited by text
    And Robin can sign in from the invitation
    And Robin never sees where the appointment is

  @S-068 @ONCE-01 @quick
  Scenario: An event sent twice is announced once
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    And the crime system sends the same event again
    And an hour passes
    Then Alex is told by text and email exactly once
    When the crime system sends the same event again
    And 2 hours pass
    Then Alex gets no more messages

  @S-069 @INT-02 @quick
  Scenario: An event that arrives before its crime is not lost
    Given Alex wants to hear by text
    And the crime system holds back that the bicycle theft Alex reported is recorded
    When the crime Alex reported is allocated to PC Okafor
    And an appointment is made with Alex
    And what was held back is sent
    Then Alex is invited by text
    And Alex can sign in from the invitation
    And Alex's page names PC Okafor and the collar number
    And Alex's page says where the appointment is

  @S-070 @MSG-03 @early
  Scenario Outline: No message is sent at night
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is <time>
    When an officer is deployed to the crime Alex reported
    Then Alex gets no message from 21:00 until 8 in the morning
    And Alex is told by text that there is an update

    Examples:
      | time  |
      | 20:30 |
      | 21:00 |
      | 23:00 |
