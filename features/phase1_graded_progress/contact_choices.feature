Feature: A victim says how they want to hear, and when they do not
  It ends a channel and never the duty: an officer is asked to find another way, and the page is
  still theirs to read.

  @S-001 @CONT-01 @CONT-02 @needs_received_texts
  Scenario: STOP ends texts
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "STOP"
    Then the force is asked to find another way to tell Alex
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages
    And Alex's page shows something new
    And Alex can sign in again by mobile number

  @S-002 @CONT-01 @CONT-02 @MSG-01 @needs_received_texts
  Scenario: STOP ends texts and not emails
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Alex reported has been recorded
    When Alex texts back "Stop."
    And an officer is deployed to the crime Alex reported
    Then Alex gets no message by text
    And Alex is told by email that there is an update
    And the force is asked to find another way to tell Alex

  @S-003 @CONT-01 @CONT-02 @needs_received_texts
  Scenario Outline: STOP is STOP whatever follows it, and however it is typed
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "<words>"
    And an officer is deployed to the crime Alex reported
    Then Alex gets no message by text
    And the force is asked to find another way to tell Alex

    Examples:
      | words           |
      | Stop texting me |
      | Ｓｔｏｐ            |

  @S-004 @CONT-01 @needs_received_texts
  Scenario: STOP outlasts a change of details
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "STOP"
    And the force records that Alex wants an update every 60 days
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-005 @CONT-01 @needs_received_texts
  Scenario: What waits for the morning is not sent after STOP
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And Alex texts back "STOP"
    And a day passes
    Then Alex gets no more messages

  @S-006 @MSG-01 @PRIV-01 @needs_received_texts
  Scenario: Whoever texts back something else still hears by text
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "Thank you. Is there any news?"
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And no message to Alex says what it is about

  @S-007 @CONT-01 @CONT-02 @MSG-01
  Scenario: Another channel is chosen on the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by email
    And an officer is deployed to the crime Alex reported
    Then Alex gets no message by text
    And Alex is told by email that there is an update
    And the force is asked to find another way to tell Alex

  @S-008 @MSG-01
  Scenario: A channel is chosen besides
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by text and email
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text and email that there is an update

  @S-009 @CONT-01 @CONT-02
  Scenario: Whoever no longer wants to hear is left in peace, and may still read
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex asks the portal to stop all messages
    Then the force is asked to find another way to tell Alex
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages
    And Alex's page shows something new
    And Alex can sign in again by mobile number

  @S-010 @CONT-03 @needs_received_texts
  Scenario: Whoever texts back again is not answered again
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "Thank you."
    And an hour passes
    And Alex texts back "And please say so to your colleagues."
    And an hour passes
    And Alex texts back "Good evening!"
    Then Alex was answered at most once

  @S-011 @CONT-03
  Scenario: Whoever chooses the same again hears no more of it
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by text
    And an hour passes
    And Alex has read every message
    And Alex chooses to hear by text
    And an hour passes
    Then Alex gets no more messages

  @S-012 @CONT-05 @MSG-01
  Scenario: Whoever no longer wants to hear speaks for nobody else
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    When Alex asks the portal to stop all messages
    Then the force is asked to find another way to tell Alex
    And nobody is asked to find another way to tell Sam
    When an officer is deployed to the crime Alex reported
    Then Sam is told by text that there is an update
    And Alex gets no more messages

  @S-013 @CONT-05 @MSG-01
  Scenario: Whoever no longer wants to hear speaks for nobody who has the same telephone
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam shares Alex's phone and proves who they are by something else
    And the bicycle theft Alex reported has been recorded
    And the robbery Sam reported has been recorded
    When Alex signs in by the link
    And Sam signs in by the link
    And Alex asks the portal to stop all messages
    Then the force is asked to find another way to tell Alex
    And nobody is asked to find another way to tell Sam
    When an officer is deployed to the crime Sam reported
    Then Sam is told by text that there is an update
