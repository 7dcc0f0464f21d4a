Feature: Two records that turn out to be one crime
  The victim of the record that was merged finds the crime where it goes on, and loses nothing. The
  other crime's victims learn nothing of what stood in it.

  @CASE-07 @PRIV-03
  Scenario: Led from the old reference to the crime it is part of
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a burglary at home
    And Alex's crime is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    When Alex's crime is merged into Sam's
    And 2 hours pass
    Then Alex is led from the old reference to Sam's crime
    And Alex can still read what stood on the page
    And Sam hears nothing more
    And Sam is shown nothing new
    And Sam never sees "Okafor"

  @CASE-07 @PRIV-03
  Scenario: One victim's two records become one
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    And Alex's bicycle theft has been recorded
    And an appointment is made with Alex
    And Alex has been told of it, and has read the page
    When Alex's bicycle theft is merged into the burglary at home
    And 2 hours pass
    And Alex has read every message
    Then Alex's list has 1 crimes
    And Alex can still read what stood on the page of the bicycle theft
    And Sam never sees where the appointment is
    And Sam is shown nothing new
    When an officer is deployed to Sam's crime
    Then Alex is told by text exactly once
    And Sam is told by text exactly once

  @CASE-07 @MSG-01
  Scenario: Told of what happens where the crime goes on
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a burglary at home
    When Alex's crime is merged into Sam's
    And 2 hours pass
    And Sam's crime is allocated to PC Lund
    Then Alex is told by text that there is an update
    And Sam is told by text that there is an update
    And Alex's page has something new
