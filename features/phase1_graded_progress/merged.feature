Feature: Two reports turn out to be the same crime
  Two people in one household report the same burglary, and the duplicate report is merged into the
  other. The person who made it finds the crime it was merged into and loses nothing. The other
  victims learn nothing from the duplicate.

  @S-088 @CASE-07 @PRIV-03
  Scenario: The old reference leads to the crime the record was merged into
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    Then the old reference leads Alex to the crime Sam reported
    And Alex can still read what stood on the page
    And Sam gets no more messages
    And Sam is shown nothing new
    And Sam never sees "Okafor"

  @S-089 @CASE-07 @PRIV-03
  Scenario: A victim's two records of one burglary are merged
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    And the bicycle theft Alex reported has been recorded
    And an appointment is made with Alex
    And Alex has been told of it, and has read the page
    When the bicycle theft Alex reported is merged into the burglary at home
    And 2 hours pass
    And Alex has read every message
    Then Alex's list shows 1 report
    And Alex can still read what stood on the page of the bicycle theft
    And Sam never sees where the appointment is
    And Sam is shown nothing new
    When an officer is deployed to the crime Sam reported
    Then Alex is told by text exactly once
    And Sam is told by text exactly once

  @S-090 @CASE-07 @MSG-01
  Scenario: The victim of a merged record is told what happens next
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And the crime Sam reported is allocated to PC Lund
    Then Alex is told by text that there is an update
    And Sam is told by text that there is an update
    And Alex's page shows something new

  @S-091 @CASE-07 @MSG-01
  Scenario Outline: Each victim is told once of each event after a merger
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And <event>
    Then Alex is told by text exactly once
    And Sam is told by text exactly once
    And Alex's page shows something new

    Examples:
      | event                                            |
      | an officer is deployed to the crime Sam reported |
      | the crime Sam reported is allocated to PC Lund   |
      | a suspect is charged with the crime Sam reported |
      | the crime Sam reported is closed with outcome 18 |

  @S-092 @CASE-07
  Scenario Outline: A victim of a duplicate report is a victim of the crime it was merged into
    Given Sam wants to hear by text
    And Sam has signed in to follow a robbery
    And Alex wants to hear by text
    And Sam is <who>, and not a victim
    And a robbery has been recorded with Alex and Sam in it
    When the robbery Sam reported first is merged into the one Alex reported
    And 2 hours pass
    And Sam has read every message
    And an officer is deployed to the crime Alex reported
    Then Sam is told by text exactly once
    And the old reference leads Sam to the crime Alex reported
    And Sam reads the page of the robbery Alex reported

    Examples:
      | who                        |
      | the person who reported it |
      | a witness                  |

  @S-093 @CASE-20
  Scenario: An event from before a merger that arrives after it is announced once
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    And the crime system holds back the allocation of the crime Alex reported to PC Okafor
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And what was held back is sent
    And what was held back is sent
    Then Alex is told by text exactly once
    And Sam gets no more messages
    And Sam never sees "Okafor"

  @S-094 @CASE-07
  Scenario: The victim of a crime merged twice is told once
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Robin wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    And Robin has signed in to follow a burglary at home
    When the crime Alex reported is merged into the one Sam reported
    And an hour passes
    And the crime Sam reported is merged into the one Robin reported
    And 2 hours pass
    Then the old reference leads Alex to the crime Robin reported
    When an officer is deployed to the crime Robin reported
    Then Alex is told by text exactly once
    And Sam is told by text exactly once
    And Robin is told by text exactly once

  @S-095 @CASE-20
  Scenario: An appointment under the old reference is announced once, only to the victim it is with
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And an appointment is made with Alex
    Then Alex is told by text exactly once
    And Alex's page says where the appointment is
    And Sam never sees where the appointment is
    And Sam gets no more messages

  @S-096 @DATA-06 @CASE-07
  Scenario: A new number recorded under the old reference is the one used
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And Alex has a new mobile number, which the force records, and Robin has the old one
    And an officer is deployed to the crime Sam reported
    Then Alex is told by text that there is an update
    And Robin gets no message

  @S-400 @CASE-21 @needs_crimes_unmerged
  Scenario: When a merger is taken back each victim follows their own crime again
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And the merger of the crime Alex reported is taken back
    And 2 hours pass
    Then Alex reads the page of the burglary at home Alex reported
    And Alex can still read what stood on the page
    And Alex is not shown the burglary at home Sam reported
    And Sam never sees "Okafor"
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    Then Alex reads the page of the burglary at home Sam reported

  @S-401 @CASE-21 @needs_crimes_unmerged
  Scenario: After a merger is taken back the news of each crime goes to its own victim
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And the merger of the crime Alex reported is taken back
    And 2 hours pass
    And Alex has read every message
    And the crime Sam reported is allocated to PC Lund
    Then Sam is told by text exactly once
    And Alex gets no more messages
    And Alex never sees "Lund"
    When the crime Alex reported is allocated to PC Okafor
    Then Alex is told by text exactly once
    And Alex's page shows something new
    And Sam never sees "Okafor"

  @S-402 @CASE-21 @needs_crimes_unmerged
  Scenario: What came under the old reference is kept when the merger is taken back
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And an appointment is made with Alex
    And 2 hours pass
    And the merger of the crime Alex reported is taken back
    And 2 hours pass
    Then Alex's page says where the appointment is
    And Sam never sees where the appointment is

  @S-403 @CASE-21 @needs_crimes_unmerged
  Scenario: The victim of both crimes keeps both when the merger is taken back
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    And the bicycle theft Alex reported has been recorded
    And Alex has been told of it, and has read the page
    When the bicycle theft Alex reported is merged into the burglary at home
    And 2 hours pass
    And the merger of the crime Alex reported is taken back
    And 2 hours pass
    Then Alex's list shows 2 reports
    And Alex can still read what stood on the page of the bicycle theft
    And Sam is shown nothing new
