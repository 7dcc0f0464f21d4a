Feature: Messages are relevant to this crime and this person, and not too many
  Too many messages make more questions.

  @S-187 @JOUR-01 @PRIV-01 @early
  Scenario: Advice fits the offence and comes once
    Given Alex wants to hear by email
    And Alex has signed in to follow a bicycle theft
    When 3 days pass
    Then Alex is told by email exactly once
    And Alex's advice begins with bicycles
    And no message to Alex says what it is about
    And in 7 more days Alex gets no more messages

  @S-188 @JOUR-01 @early
  Scenario: No advice is sent once the case is over
    Given Alex wants to hear by email
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome 18
    And Alex is told by email that there is an update
    And 10 days pass
    Then Alex gets no more messages

  @S-189 @JOUR-04 @early
  Scenario: The victim gets a regular update as often as agreed
    Given Alex wants to hear by text
    And Alex agreed to an update every 14 days
    And Alex has signed in to follow a public order offence
    When 3 days pass
    Then Alex is told by text exactly once
    When 15 days pass
    Then Alex is told by text exactly once
    When 14 days pass
    Then Alex is told by text exactly once

  @S-190 @JOUR-04 @early
  Scenario Outline: No regular update is sent once the crime is closed, charged or transferred
    Given Alex wants to hear by text
    And Alex agreed to an update every 14 days
    And Alex has signed in to follow a public order offence
    When <end>
    And Alex is told by text that there is an update
    And 40 days pass
    Then Alex gets no more messages

    Examples:
      | end                                                     |
      | the crime Alex reported is closed with outcome 18       |
      | a suspect is charged with the crime Alex reported       |
      | the crime Alex reported is transferred to another force |

  @S-191 @JOUR-02 @quick
  Scenario: News within the hour makes one message
    Given Alex wants to hear by text
    And Alex has signed in to follow a public order offence
    When an officer is deployed to the crime Alex reported
    And the time for bundling news is nearly over
    And the crime Alex reported is allocated to PC Okafor
    And 2 hours pass
    Then Alex is told by text exactly once
    And Alex's page names PC Okafor and the collar number

  @S-192 @NOTME-01 @needs_not_for_me
  Scenario: A message held for bundling is not sent to a stranger who has said it is not for them
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the public order offence Alex reported has been recorded
    When an officer is deployed to the crime Alex reported
    And Sam says that messages to their number are not for them
    And 2 hours pass
    Then Sam gets no more messages

  @S-193 @JOUR-02 @early
  Scenario Outline: No victim gets more messages than the weekly limit
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a public order offence
    When the crime Alex reported is reallocated twice a day for 5 days
    Then Alex gets no more messages than the weekly limit allows
    And Alex's page shows every step
    And Alex is told of the rest when the week is over

    Examples:
      | channel |
      | text    |
      | email   |

  @S-194 @JOUR-03
  Scenario: An email greets by name when the name passes the checks
    Given Alex wants to hear by email
    And Alex has signed in to follow a public order offence
    When an officer is deployed to the crime Alex reported
    Then Alex is told by email that there is an update
    And the last email to Alex greets by name

  @S-195 @JOUR-03
  Scenario Outline: No email greets by a name that fails the checks
    Given Alex wants to hear by email
    And Alex's name was written as "<given>" "<family>"
    And Alex has signed in to follow a public order offence
    When an officer is deployed to the crime Alex reported
    Then Alex is told by email that there is an update
    And the last email to Alex does not say "<given>"

    Examples:
      | given       | family |
      | UNKNOWN     | Blythe |
      | Deceased    | Blythe |
      | 07700900999 | Blythe |
      | Blythe      | Blythe |
