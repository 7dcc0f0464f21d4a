Feature: The Victims' Code is kept whatever holds a message back

  @S-186 @DUE-01 @early
  Scenario: The weekly limit delays no news past the working days for standard rights
    Given Alex wants to hear by text
    And Alex has standard rights
    And Alex has signed in to follow a public order offence
    When the crime Alex reported is reallocated twice a day for 3 days
    And Alex has read every message
    And the investigation of the crime Alex reported reaches "suspect released"
    Then Alex gets a message about it by text within the working days for standard rights
