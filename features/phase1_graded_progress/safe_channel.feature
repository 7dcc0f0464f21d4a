Feature: An officer approves the one channel by which contact is safe
  A record may say that contact is not safe, and an officer may know one way that is. Only that way is
  used, whatever else the record has, and only for as long as the officer said: what is safe changes.

  @S-431 @SAFE-06
  Scenario: Only the channel that an officer approved as safe is used
    Given Alex wants to hear by text and email
    And contact with Alex is not safe, but an officer approved text for 30 days
    When the bicycle theft Alex reported is recorded
    Then Alex is invited by text
    When an officer is deployed to the crime Alex reported
    And 2 hours pass
    Then Alex has had no email

  @S-432 @SAFE-06 @early
  Scenario: Nothing is sent when the approval has run out, and an officer looks again
    Given Alex wants to hear by text and email
    And contact with Alex is not safe, but an officer approved text for 3 days
    And Alex has signed in to follow a bicycle theft
    When 4 days pass
    And Alex has read every message
    Then an officer is asked to look again at safe contact with Alex
    And Alex's old session shows nothing
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-433 @SAFE-06 @early
  Scenario: An approval that is renewed lets the portal go on
    Given Alex wants to hear by text and email
    And contact with Alex is not safe, but an officer approved text for 3 days
    And Alex has signed in to follow a bicycle theft
    When 2 days pass
    And an officer approves text for Alex for 30 more days
    And 2 days pass
    And Alex has read every message
    And an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And Alex has had no email
