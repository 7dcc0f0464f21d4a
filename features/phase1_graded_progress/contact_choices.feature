Feature: A victim chooses how they are told, and stops messages
  Stopping messages ends a channel and never the duty to inform: an officer is asked to find another
  way, and the victim can still read the page.

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
  Scenario: STOP ends texts but not emails
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Alex reported has been recorded
    When Alex texts back "Stop."
    And an officer is deployed to the crime Alex reported
    Then Alex gets no message by text
    And Alex is told by email that there is an update
    And the force is asked to find another way to tell Alex

  @S-003 @CONT-01 @CONT-02 @needs_received_texts
  Scenario Outline: STOP works whatever follows it and however it is typed
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
  Scenario: STOP still counts after the victim's details change
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "STOP"
    And the force records that Alex wants an update every 60 days
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-005 @CONT-01 @needs_received_texts
  Scenario: A message held overnight is not sent after STOP
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And Alex texts back "STOP"
    And a day passes
    Then Alex gets no more messages

  @S-006 @MSG-01 @PRIV-01 @needs_received_texts
  Scenario: A victim who texts back anything else still gets texts
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "Thank you. Is there any news?"
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And no message to Alex says what it is about

  @S-007 @CONT-01 @CONT-02 @MSG-01
  Scenario: A victim changes channel on the portal
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by email
    And an officer is deployed to the crime Alex reported
    Then Alex gets no message by text
    And Alex is told by email that there is an update
    And the force is asked to find another way to tell Alex

  @S-008 @MSG-01
  Scenario: A victim adds a second channel
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by text and email
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text and email that there is an update

  @S-009 @CONT-01 @CONT-02
  Scenario: A victim who stops all messages gets none and can still read the page
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex asks the portal to stop all messages
    Then the force is asked to find another way to tell Alex
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages
    And Alex's page shows something new
    And Alex can sign in again by mobile number

  @S-480 @CONT-01 @CONT-04 @CONT-07
  Scenario: The choice that is shown is the choice that was made
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by email
    Then Alex is shown that messages come by email
    When Alex asks the portal to stop all messages
    Then Alex is shown that no messages come
    When 2 hours pass
    And Alex chooses to hear by text and email
    Then Alex is shown that messages come by text and email
    When 2 hours pass
    And Alex asks the portal to stop all messages
    Then Alex is shown that no messages come

  @S-010 @CONT-03 @needs_received_texts
  Scenario: A second text back gets no second answer
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "Thank you."
    And an hour passes
    And Alex texts back "And please say so to your colleagues."
    And an hour passes
    And Alex texts back "Good evening!"
    Then Alex was answered at most once

  @S-011 @CONT-03
  Scenario: Making the same choice again sends no second confirmation
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex chooses to hear by text
    And an hour passes
    And Alex has read every message
    And Alex chooses to hear by text
    And an hour passes
    Then Alex gets no more messages

  @S-012 @CONT-05 @MSG-01
  Scenario: One victim who stops messages does not stop another victim's
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
  Scenario: One victim who stops messages does not stop those of another victim with the same phone
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
