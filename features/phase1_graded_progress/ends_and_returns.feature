Feature: A crime that leaves the force's hands, or comes back
  A record that was cancelled is explained by a person. Of a crime that another force has taken over
  the victim is told once, and then hears from that force. A crime that is reopened is live again.

  @S-041 @CASE-05 @SENS-02
  Scenario: A cancelled record is for a person to explain
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is cancelled
    Then the force is asked to speak to Alex
    When a day passes
    Then Alex gets no more messages
    And Alex is shown nothing new

  @S-042 @CASE-05
  Scenario: What waits for the morning ends with the record
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And the crime Alex reported is cancelled
    And a day passes
    Then Alex gets no more messages

  @S-043 @CASE-05
  Scenario: Nothing more of a cancelled record
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is cancelled
    And an officer is deployed to the crime Alex reported
    And the crime Alex reported is closed with outcome 18
    And a day passes
    Then Alex gets no more messages

  @S-044 @CASE-05 @MSG-01
  Scenario: Another force takes it over
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is transferred to another force
    Then Alex is told by text and email that there is an update
    And the crime Alex reported is shown as transferred
    And Alex's page says which force has the case now
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-045 @PRIV-01
  Scenario: No message names the other force
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is transferred to another force
    Then Alex is told by text and email that there is an update
    And no message to Alex says what it is about

  @S-046 @CASE-06
  Scenario: Looked into again
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is closed with outcome 18
    And Alex has been told of it, and has read the page
    When the crime Alex reported is reopened
    Then Alex is told by text and email that there is an update
    And the crime Alex reported is shown as open
    And Alex's page shows something new
    When an officer is deployed to the crime Alex reported
    Then Alex is told by text and email that there is an update

  @S-047 @CASE-06
  Scenario: Closed a second time
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is closed with outcome 18
    And Alex has been told of it, and has read the page
    When the crime Alex reported is reopened
    Then Alex is told by text that there is an update
    When an hour passes
    And the crime Alex reported is closed with outcome 16
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as closed
