Feature: An officer asks for the victim's views on bail conditions
  When a suspect is bailed, or bail changes, an officer asks for the victim's views on the conditions and
  tells them of any change. A message cannot do that, so the officer gets a task.

  @S-332 @BAIL-01
  Scenario Outline: The officer is asked to get the victim's views on bail
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    And the crime Alex reported is allocated to PC Okafor
    When the investigation of the crime Alex reported reaches "<milestone>"
    Then the officer is asked to get Alex's views on bail

    Examples:
      | milestone       |
      | suspect on bail |
      | bail changed    |

  @S-428 @BAIL-01
  Scenario: The officer has until the next day to ask for the victim's views
    Given Alex wants to hear by text
    And Alex has signed in to follow an assault
    And the crime Alex reported is allocated to PC Okafor
    When the investigation of the crime Alex reported reaches "suspect on bail"
    Then the officer is asked to get Alex's views on bail within the hours of the order
