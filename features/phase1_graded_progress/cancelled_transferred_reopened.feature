Feature: A crime is cancelled, transferred or reopened
  An officer explains a cancelled record. The victim of a crime that another force has taken over is
  told once, and then gets news from that force. A crime that is reopened is live again.

  @S-041 @CASE-05 @SENS-02
  Scenario: An officer explains a cancelled record
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is cancelled
    Then the force is asked to speak to Alex
    When a day passes
    Then Alex gets no more messages
    And Alex is shown nothing new

  @S-042 @CASE-05
  Scenario: A message held overnight is dropped when the record is cancelled
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And the crime Alex reported is cancelled
    And a day passes
    Then Alex gets no more messages

  @S-043 @CASE-05
  Scenario: No more messages are sent about a cancelled record
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is cancelled
    And an officer is deployed to the crime Alex reported
    And the crime Alex reported is closed with outcome 18
    And a day passes
    Then Alex gets no more messages

  @S-044 @CASE-05 @MSG-01
  Scenario: The victim is told once that another force has taken over
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
  Scenario: A reopened case is live again
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
  Scenario: A reopened case can be closed a second time
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is closed with outcome 18
    And Alex has been told of it, and has read the page
    When the crime Alex reported is reopened
    Then Alex is told by text that there is an update
    When an hour passes
    And the crime Alex reported is closed with outcome 18
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as closed
