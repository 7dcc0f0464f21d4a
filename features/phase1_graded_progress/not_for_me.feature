Feature: Whoever got a message that was not for them says so, and is believed
  A number is written down wrong, and a stranger learns that the police have news for somebody. They
  say so, without a name and without signing in: from then on nothing goes there, and the force looks
  into who was told.

  @S-097 @NOTME-01 @needs_not_for_me
  Scenario Outline: Nothing more goes to a stranger who says so
    Given Alex wants to hear by <channel>
    And Sam is a stranger whose <held> was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their <held> are not for them
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

    Examples:
      | channel | held    |
      | text    | number  |
      | email   | mailbox |

  @S-098 @NOTME-01 @needs_not_for_me
  Scenario Outline: It counts however the number or mailbox is written
    Given Alex wants to hear by <channel>
    And Sam is a stranger whose <held> was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam, who writes their <held> <how>, says that messages there are not for them
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

    Examples:
      | channel | held    | how                     |
      | text    | number  | with the country's code |
      | text    | number  | in groups               |
      | email   | mailbox | in capitals             |

  @S-099 @NOTME-01 @needs_not_for_me @early
  Scenario: It still counts when news comes days later
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And 9 days pass
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

  @S-100 @NOTME-01 @needs_not_for_me
  Scenario: Not of another crime of the same victim either
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And the burglary at home Alex reported is recorded
    And a day passes
    Then Sam gets no more messages

  @S-101 @NOTME-01 @NOTME-02 @needs_not_for_me @needs_correlates
  Scenario: Nor of another victim's to whom the same number was given
    Given Alex wants to hear by text
    And Robin wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the same number was written as Robin's
    And the bicycle theft Alex reported has been recorded
    And the burglary at home Robin reported has been recorded
    When Sam says that messages to their number are not for them
    Then the force is asked once to look into who was told about Alex
    And the force is asked once to look into who was told about Robin
    When an officer is deployed to the crime Robin reported
    And a day passes
    Then Sam gets no more messages

  @S-102 @NOTME-01 @needs_not_for_me
  Scenario: What waits for the morning is not sent once it was said
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And Sam says that messages to their number are not for them
    And a day passes
    Then Sam gets no more messages

  @S-103 @NOTME-01 @needs_not_for_me
  Scenario: A change of other details does not make the number right
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And the force records that Alex wants an update every 60 days
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

  @S-104 @NOTME-01 @needs_not_for_me
  Scenario: Nor does a merger with another victim's crime
    Given Alex wants to hear by text
    And Robin wants to hear by email
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    And the burglary at home Robin reported has been recorded
    When Sam says that messages to their number are not for them
    And the crime Alex reported is merged into the one Robin reported
    And an officer is deployed to the crime Robin reported
    And a day passes
    Then Sam gets no more messages

  @S-105 @NOTME-01 @needs_not_for_me
  Scenario: Nor does the victim's own choice of channels
    Given Alex wants to hear by text and email
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And Alex signs in by the link
    And Alex asks the portal for messages by text and email
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

  @S-106 @NOTME-01 @DATA-04 @needs_not_for_me
  Scenario: Once the number is put right the victim is told there
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And the force corrects Alex's details
    Then Alex is invited by text
    When an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by text
    And Sam gets no more messages

  @S-107 @NOTME-03 @needs_not_for_me
  Scenario: The channel that is the victim's own goes on
    Given Alex wants to hear by text and email
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    And Alex has read every message
    When Sam says that messages to their number are not for them
    And an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by email
    And Alex can sign in from the invitation
    And Sam gets no more messages

  @S-108 @NOTME-02 @needs_not_for_me @early
  Scenario: The force is asked to look into it within the time it has to report a breach
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    And it is the last working day before a weekend or bank holiday
    When Sam says that messages to their number are not for them
    Then the force is asked once to look into who was told about Alex
    And it is asked to do so in time to report a breach

  @S-109 @NOTME-02 @needs_not_for_me
  Scenario: Whoever says it again is thanked again, and the force is not asked again
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And an hour passes
    And Sam says that messages to their number are not for them
    Then the force is asked once to look into who was told about Alex

  @S-110 @NOTME-02 @needs_not_for_me
  Scenario: The force is asked again once a second stranger was told
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    Then the force is asked once to look into who was told about Alex
    When the force records for Alex the number of Robin, a stranger
    And an officer is deployed to the crime Alex reported
    And a day passes
    And Robin says that messages to their number are not for them
    Then the force is asked twice to look into who was told about Alex

  @S-111 @NOTME-04 @NOTME-03 @needs_not_for_me
  Scenario: Whoever says it of a number that nobody has learns nothing, and stops nothing
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written beside Alex's own
    And the bicycle theft Alex reported has been recorded
    When somebody says that messages to a number that nobody has are not for them
    And an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by text
    When Alex says that messages to their number are not for them
    Then both get the same answer

  @S-112 @NOTME-05 @needs_not_for_me
  Scenario Outline: The link that a stranger was sent opens nothing any more
    Given Alex wants to hear by <channel>
    And Sam is a stranger whose <held> was written as Alex's
    And the bicycle theft Alex reported has been recorded
    And an hour has passed
    When Sam says that messages to their <held> are not for them
    Then no link sent to Sam works

    Examples:
      | channel | held    |
      | text    | number  |
      | email   | mailbox |

  @S-113 @NOTME-05 @needs_not_for_me
  Scenario: Nor does any link where the same number was given to two victims
    Given Alex wants to hear by text
    And Robin wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the same number was written as Robin's
    And the bicycle theft Alex reported has been recorded
    And the burglary at home Robin reported has been recorded
    And an hour has passed
    When Sam says that messages to their number are not for them
    Then no link sent to Sam works

  @S-114 @NOTME-05 @needs_not_for_me
  Scenario Outline: Nor does the stranger's number or mailbox open anything at the door
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    When the force records for Alex the <held> of Sam, a stranger
    And an officer is deployed to the crime Alex reported
    And an hour passes
    And Sam says that messages to their <held> are not for them
    And Sam tries to sign in as Alex with their own <held>
    Then Sam is not signed in as Alex

    Examples:
      | channel | held    |
      | text    | number  |
      | email   | mailbox |
