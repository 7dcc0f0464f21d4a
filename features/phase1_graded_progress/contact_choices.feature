Feature: A victim says how they want to hear, and when they do not
  It ends a channel and never the duty: an officer is asked to find another way, and the page is
  still theirs to read.

  @S-001 @CONT-01 @CONT-02 @needs_received_texts
  Scenario: STOP ends texts
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "STOP"
    Then the force is asked to find another way to tell Alex
    When an officer is deployed to Alex's crime
    And a day passes
    Then Alex hears nothing more
    And Alex's page has something new
    And Alex can sign in again by mobile number

  @S-002 @CONT-01 @CONT-02 @MSG-01 @needs_received_texts
  Scenario: STOP ends texts and not emails
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And Alex's burglary at home has been recorded
    When Alex texts back "Stop."
    And an officer is deployed to Alex's crime
    Then Alex hears nothing by text
    And Alex is told by email that there is an update
    And the force is asked to find another way to tell Alex

  @S-003 @CONT-01 @CONT-02 @needs_received_texts
  Scenario Outline: STOP is STOP whatever follows it, and however it is typed
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "<words>"
    And an officer is deployed to Alex's crime
    Then Alex hears nothing by text
    And the force is asked to find another way to tell Alex

    Examples:
      | words           |
      | Stop texting me |
      | Ｓｔｏｐ        |

  @S-004 @CONT-01 @needs_received_texts
  Scenario: STOP outlasts a change of details
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "STOP"
    And the force writes down that Alex would rather hear every 60 days
    And an officer is deployed to Alex's crime
    And a day passes
    Then Alex hears nothing more

  @S-005 @CONT-01 @needs_received_texts
  Scenario: What waits for the morning is not sent after STOP
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to Alex's crime
    And Alex texts back "STOP"
    And a day passes
    Then Alex hears nothing more

  @S-006 @MSG-01 @PRIV-01 @needs_received_texts
  Scenario: Whoever texts back something else still hears by text
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "Thank you. Is there any news?"
    And an officer is deployed to Alex's crime
    Then Alex is told by text that there is an update
    And no message to Alex says what it is about

  @S-007 @CONT-01 @CONT-02 @MSG-01
  Scenario: Another channel is chosen on the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by email
    And an officer is deployed to Alex's crime
    Then Alex hears nothing by text
    And Alex is told by email that there is an update
    And the force is asked to find another way to tell Alex

  @S-008 @MSG-01
  Scenario: A channel is chosen besides
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by text and email
    And an officer is deployed to Alex's crime
    Then Alex is told by text and email that there is an update

  @S-009 @CONT-01 @CONT-02
  Scenario: Whoever no longer wants to hear is left in peace, and may still read
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex says that they no longer want to hear
    Then the force is asked to find another way to tell Alex
    When an officer is deployed to Alex's crime
    And a day passes
    Then Alex hears nothing more
    And Alex's page has something new
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
    Then Alex hears nothing more

  @S-012 @CONT-05 @MSG-01
  Scenario: Whoever no longer wants to hear speaks for nobody else
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    When Alex says that they no longer want to hear
    Then the force is asked to find another way to tell Alex
    And nobody is asked to find another way to tell Sam
    When an officer is deployed to Alex's crime
    Then Sam is told by text that there is an update
    And Alex hears nothing more

  @S-013 @CONT-05 @MSG-01
  Scenario: Whoever no longer wants to hear speaks for nobody who has the same telephone
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam is somebody else who has Alex's telephone, and proves it by something else
    And Alex's bicycle theft has been recorded
    And Sam's robbery has been recorded
    When Alex signs in by the link
    And Sam signs in by the link
    And Alex says that they no longer want to hear
    Then the force is asked to find another way to tell Alex
    And nobody is asked to find another way to tell Sam
    When an officer is deployed to Sam's crime
    Then Sam is told by text that there is an update
