Feature: A message is short, and goes once to the address in use now
  Too many messages make more questions, and nobody reads a long one.

  @S-115 @MSG-06 @early
  Scenario: An unread update is not announced again
    Given Alex wants to hear by text
    And Alex agreed to an update every 60 days
    And Alex has signed in to follow a public order offence
    When 3 days pass
    And Alex has read every message
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And in 7 more days Alex gets no more messages

  @S-116 @MSG-07
  Scenario: A text is short
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And no text to Alex is longer than two joined texts

  @S-117 @CONT-04
  Scenario: A victim who stopped messages can start them again
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex asks the portal to stop all messages
    And a day passes
    And Alex chooses to hear by text
    And Alex has read every message
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update

  @S-118 @DATA-06
  Scenario Outline: After a number changes, messages go only to the new one
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    When Alex has a new <address>, which the force records, and Sam has the old one
    And an officer is deployed to the crime Alex reported
    Then Alex is told by <channel> that there is an update
    And Sam gets no message
    And Alex can sign in again by <address>
    When Sam tries to sign in as Alex with their own <address>
    Then Sam is not signed in as Alex

    Examples:
      | channel | address       |
      | text    | mobile number |
      | email   | email address |

  @S-119 @DATA-07
  Scenario Outline: The channel that works is used
    Given Alex wants to hear by text and email
    And "<written>" was written as Alex's mobile number
    When the bicycle theft Alex reported is recorded
    Then Alex is invited by email

    Examples:
      | written     |
      | 07700 90012 |
      | N/A         |
