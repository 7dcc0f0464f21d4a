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

  @S-280 @CODE-01 @LAW-01 @early
  Scenario: The working days count from when it happened, not from when the portal heard of it
    Given Alex wants to hear by text
    And Alex has standard rights
    And Alex has signed in to follow a public order offence
    And 12 days have passed
    And Alex has read every message
    When the crime Alex reported is reallocated twice a day for 3 days
    And Alex has read every message
    And the force records that the suspect was arrested 4 working days ago
    Then Alex is told of it by text as soon as the Victims' Code asks

  @S-281 @CODE-01 @early
  Scenario Outline: What is overdue is told at once, whatever the weekly limit
    Given Alex wants to hear by text
    And Alex has <rights> rights
    And Alex has signed in to follow a public order offence
    And 12 days have passed
    And Alex has read every message
    When the crime Alex reported is reallocated twice a day for 3 days
    And Alex has read every message
    And the force records that the suspect was <what> <days> working days ago
    Then Alex is told of it by text as soon as the Victims' Code asks

    Examples:
      | rights   | what             | days |
      | enhanced | arrested         | 3    |
      | standard | interviewed      | 6    |

  @S-282 @CODE-01 @MSG-03
  Scenario: What is overdue is not told in quiet hours, but when they end
    Given Alex wants to hear by text
    And Alex has enhanced rights
    And Alex has signed in to follow a public order offence
    And 12 days have passed
    And Alex has read every message
    And it is 22:00
    When the force records that the suspect was arrested 3 working days ago
    Then Alex gets no message from 21:00 until 8 in the morning
    And Alex is told of it by text as soon as the Victims' Code asks

  @S-283 @CODE-01 @JOUR-02
  Scenario: What is overdue does not wait for other news
    Given Alex wants to hear by text
    And Alex has enhanced rights
    And Alex has signed in to follow a public order offence
    And 12 days have passed
    And Alex has read every message
    When the force records that the suspect was arrested 3 working days ago
    Then Alex is told of it by text as soon as the Victims' Code asks

  @S-284 @CODE-05 @early
  Scenario Outline: Enhanced rights that are recorded late shorten what is still owed
    Given Alex wants to hear by text
    And Alex has standard rights
    And Alex has signed in to follow a public order offence
    When the crime Alex reported is reallocated twice a day for 3 days
    And Alex has read every message
    And the investigation of the crime Alex reported reaches "suspect released"
    And <later> pass
    And the force records that Alex has enhanced rights
    Then Alex is told of it by text as soon as the Victims' Code asks

    Examples:
      | later   |
      | 2 hours |
      | 2 days  |

  @S-291 @CODE-01 @SENS-04
  Scenario: An officer speaks to a victim within the working days of when the case ended
    Given Alex wants to hear by text
    And Alex has standard rights
    And Alex has signed in to follow a robbery
    And 12 days have passed
    And Alex has read every message
    When the force records that the crime Alex reported was closed with outcome 18, 3 working days ago
    Then the force is asked to speak to Alex as soon as the Victims' Code asks
