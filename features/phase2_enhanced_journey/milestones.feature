Feature: The victim is told of the milestones of an investigation
  The victim is told that there is an update, and reads in plain words what was done; what it found
  stays with the force.

  @S-196 @JOUR-05 @PRIV-01
  Scenario Outline: The victim is told of a milestone and reads what it is
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a public order offence
    When the investigation of the crime Alex reported reaches "<milestone>"
    Then Alex is told by text and email that there is an update
    And Alex's page shows something new
    And no message to Alex says what it is about

    Examples:
      | milestone        |
      | hearing listed   |
      | statement taken  |
      | suspect arrested |
      | suspect on bail  |
      | file with cps    |

  @S-197 @JOUR-05
  Scenario: Different milestones read differently
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a public order offence
    And Sam has signed in to follow a public order offence
    When the investigation of the crime Alex reported reaches "suspect arrested"
    And the investigation of the crime Sam reported reaches "suspect released"
    Then Alex and Sam read different reasons

  @S-304 @JOUR-31
  Scenario Outline: A milestone that the force has switched off is neither announced nor shown
    Given Alex wants to hear by text
    And Alex has signed in to follow a public order offence
    When the investigation of the crime Alex reported reaches "<milestone>"
    Then Alex is told of "<milestone>" unless the force has switched it off

    Examples:
      | milestone          |
      | scene examined     |
      | forensics sent     |
      | forensics back     |
      | footage requested  |
      | footage viewed     |
      | witness spoken to  |
      | house to house     |
      | appeal made        |
      | property found     |
      | property returned  |
      | suspect identified |
      | file with cps      |
      | hearing listed     |

  @S-305 @JOUR-32
  Scenario: Only the person who gave a statement is told that it was taken
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    When the investigation of the crime Alex reported reaches "statement taken"
    Then Alex is told by text that there is an update
    And Alex's page shows something new
    And Sam gets no message
    And Sam's page shows nothing new

  @S-198 @CASE-05
  Scenario: No milestone is announced of a crime that has left the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    When the crime Alex reported is reclassified as a sexual offence
    And the investigation of the crime Alex reported reaches "suspect arrested"
    And a day passes
    Then Alex gets no more messages

  @S-286 @CODE-03 @JOUR-05 @PRIV-01
  Scenario Outline: The victim is told of every decision that the Victims' Code names
    Given Alex wants to hear by text and email
    And Alex has <rights> rights
    And Alex has signed in to follow a public order offence
    When the investigation of the crime Alex reported reaches "<milestone>"
    Then Alex is told by text and email that there is an update
    And Alex's page shows something new
    And no message to Alex says what it is about

    Examples:
      | milestone                   | rights   |
      | not investigated            | enhanced |
      | suspect interviewed         | enhanced |
      | suspect released            | standard |
      | suspect under investigation | standard |
      | bail changed                | standard |

