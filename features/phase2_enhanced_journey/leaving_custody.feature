Feature: An officer tells a victim with enhanced rights that a suspect leaves custody
  When a suspect is released, bailed or released under investigation, the risk to the victim is
  assessed and their safety planned anew. A victim with enhanced rights hears it from an officer, and
  only then does the portal say it.

  @S-420 @SENS-06
  Scenario Outline: News that a suspect leaves custody waits for an officer
    Given Alex wants to hear by text and email
    And Alex has enhanced rights
    And Alex has signed in to follow an assault
    And the order has an officer tell victims with enhanced rights of "<milestone>"
    When the investigation of the crime Alex reported reaches "<milestone>"
    Then the force is asked to speak to Alex within the working days for enhanced rights
    When a day passes
    Then Alex gets no more messages
    And Alex is shown nothing new

    Examples:
      | milestone                   |
      | suspect released            |
      | suspect on bail             |
      | suspect under investigation |

  @S-421 @SENS-06
  Scenario: The victim reads it once an officer has spoken to them
    Given Alex wants to hear by text and email
    And Alex has enhanced rights
    And Alex has signed in to follow an assault
    And the order has an officer tell victims with enhanced rights of "suspect on bail"
    When an officer has spoken to Alex
    And a day passes
    And the investigation of the crime Alex reported reaches "suspect on bail"
    And 2 hours pass
    And an officer has spoken to Alex
    Then Alex is told by text and email that there is an update
    And Alex's page shows something new

  @S-422 @SENS-06 @JOUR-05
  Scenario: Of two victims of one crime, an officer tells only the one with enhanced rights first
    Given Alex wants to hear by text
    And Alex has enhanced rights
    And Sam wants to hear by text
    And Sam has standard rights
    And Alex and Sam have signed in to follow the same assault
    And the order has an officer tell victims with enhanced rights of "suspect released"
    When the investigation of the crime Alex reported reaches "suspect released"
    Then Sam is told by text that there is an update
    And Sam's page shows something new
    And Alex gets no message
    And Alex is shown nothing new
