Feature: A crime's page is right about that crime and no other
  A person may report two crimes; the crime is reallocated, an appointment is moved, an old record
  arrives late. The page stays right.

  @S-030 @CASE-09
  Scenario: Each crime is named in plain words
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Alex reported has been recorded
    Then Alex's list says in words what each crime is

  @S-031 @CASE-10 @CASE-18
  Scenario: What happens to one crime appears only on its own page
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Alex reported has been recorded
    And Alex has read the page of each crime they reported
    When an officer is deployed to the bicycle theft Alex reported
    Then only the page of the bicycle theft Alex reported shows something new

  @S-032 @CASE-11 @CASE-19
  Scenario: A moved appointment is shown with its new time and place
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And an appointment is made with Alex
    And Alex has been told of it, and has read the page
    When the appointment with Alex is moved
    Then Alex's page says where the appointment is now
    And Alex's page says when the appointment is

  @S-033 @CASE-12
  Scenario: The previous officer in charge is no longer shown as in charge
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    When the crime Alex reported is allocated to the burglary team
    Then PC Okafor is no longer shown as in charge of the crime Alex reported

  @S-034 @CASE-13
  Scenario Outline: Different steps read differently
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a bicycle theft
    When <one>
    And <other>
    Then Alex and Sam read different reasons

    Examples:
      | one                                               | other                                                    |
      | an officer is deployed to the crime Alex reported | the crime Sam reported is allocated to the burglary team |
      | an appointment is made with Alex                  | an officer is deployed to the crime Sam reported         |
      | the crime Alex reported is allocated to PC Okafor | the crime Sam reported is closed with outcome 18         |

  @S-035 @CASE-14
  Scenario Outline: No police review is offered where the police made no reviewable decision
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome <outcome> by <who>, and <interview>
    Then Alex is offered no police review

    Examples:
      | who                          | outcome | interview                                            |
      | the police                   | 8       | a suspect was interviewed under caution              |
      | the police                   | 16      | a suspect was interviewed under caution              |
      | the police                   | 14      | no suspect was interviewed                           |
      | the police                   | 18      | no suspect was interviewed                           |
      | the police                   | 15      | no suspect was interviewed                           |
      | the police                   | 15      | it is not recorded whether a suspect was interviewed |
      | the CPS                      | 15      | a suspect was interviewed under caution              |
      | an unrecorded decision maker | 15      | a suspect was interviewed under caution              |
      | the police                   | 21      | a suspect was interviewed under caution              |

  @S-300 @CASE-31
  Scenario Outline: The page says that the CPS can review a decision of its own
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome <outcome> by the CPS, and <interview>
    Then Alex is offered no police review
    And Alex reads that the CPS can review its decision

    Examples:
      | outcome | interview                                            |
      | 9       | a suspect was interviewed under caution              |
      | 15      | a suspect was interviewed under caution              |
      | 15      | it is not recorded whether a suspect was interviewed |

  @S-301 @CASE-32
  Scenario: The page says how soon to ask the CPS for a review
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome 15 by the CPS, and a suspect was interviewed under caution
    Then Alex reads how soon to ask the CPS

  @S-302 @CASE-33
  Scenario Outline: Nobody is called guilty where nobody admitted it
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome <outcome> by the police, and a suspect was interviewed under caution
    Then Alex's page calls nobody guilty

    Examples:
      | outcome |
      | 6       |
      | 15      |
      | 22      |

  @S-303 @OUT-20
  Scenario: The victim reads which body has taken the case over
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When another body takes over the case Alex reported
    Then Alex reads which body now deals with it

  @S-036 @CASE-17
  Scenario: A police review is offered where the police decided about a suspect they interviewed
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome 15 by the police, and a suspect was interviewed under caution
    Then Alex is offered a police review

  @S-037 @CASE-15 @early
  Scenario: A closed case can still be read
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is closed with outcome 18
    And Alex has been told of it, and has read the page
    When the retention period of the closed case is nearly over
    Then Alex can still read what stood on the page

  @S-038 @CASE-16
  Scenario: The victim finds their Victims' Code rights on the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    Then Alex finds the rights of the Victims' Code among the advice

  @S-353 @ACC-01 @needs_advice_text
  Scenario: The victim finds how to ask for another language, BSL, Easy Read or large print
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    Then Alex finds how to ask for another language or format among the advice

  @S-354 @SUPP-01 @needs_advice_text
  Scenario: The victim finds the local support service, and how the police refer victims to it
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    Then Alex finds local support, and how the police refer victims to it

  @S-355 @CMP-01 @needs_advice_text
  Scenario: The victim finds how to complain
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    Then Alex finds how to complain among the advice

  @S-039 @INT-03
  Scenario: An old note that arrives late does not undo newer facts
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime system holds back the allocation of the crime Alex reported to PC Lund
    When an hour passes
    And the crime Alex reported is allocated to PC Okafor
    And an hour passes
    And what was held back is sent
    And an hour passes
    Then Alex's page names PC Okafor and the collar number

  @S-040 @INT-03
  Scenario: An old phone number that arrives late does not replace the newer one
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime system holds back that the number of Sam, a stranger, is Alex's
    When an hour passes
    And the force corrects Alex's details
    And an hour passes
    And what was held back is sent
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And Sam gets no message
