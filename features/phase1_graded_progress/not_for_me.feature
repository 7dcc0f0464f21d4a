Feature: A stranger says that a message was not for them
  A number is recorded wrongly, and a stranger learns that the police have news for someone. They say
  so, without a name and without signing in, by the link in the message or a reply from the phone:
  from then on nothing goes there, and the force looks into who was told. Anyone can type in an
  address: that alone stops nothing, and only has the force look into it.

  @S-097 @NOTME-01 @needs_not_for_me
  Scenario Outline: No more messages go to a stranger who says they are not for them
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

  @S-098 @NOTME-02 @needs_not_for_me
  Scenario Outline: What a stranger says counts however they write the number or mailbox
    Given Alex wants to hear by <channel>
    And Sam is a stranger whose <held> was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam, who writes their <held> <how>, says that messages there are not for them
    Then the force is asked once to look into who was told about Alex

    Examples:
      | channel | held    | how                     |
      | text    | number  | with the country's code |
      | text    | number  | in groups               |
      | email   | mailbox | in capitals             |

  @S-099 @NOTME-01 @needs_not_for_me @early
  Scenario: What a stranger said still counts days later
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And 9 days pass
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

  @S-100 @NOTME-01 @needs_not_for_me
  Scenario: The stranger gets no message about the other crime the victim reported either
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And the burglary at home Alex reported is recorded
    And a day passes
    Then Sam gets no more messages

  @S-101 @NOTME-01 @NOTME-02 @needs_not_for_me @needs_correlates
  Scenario: The stranger gets no message meant for another victim with the same number
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
  Scenario: A message held overnight is not sent to a stranger who has said it is not for them
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And Sam says that messages to their number are not for them
    And a day passes
    Then Sam gets no more messages

  @S-103 @NOTME-01 @needs_not_for_me
  Scenario: A change of other details does not bring the wrong number back
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And the force records that Alex wants an update every 60 days
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

  @S-104 @NOTME-01 @needs_not_for_me
  Scenario: A merger of duplicate reports does not bring the wrong number back
    Given Alex wants to hear by text
    And Robin wants to hear by email
    And Sam is a stranger whose number was written as Alex's
    And the burglary at home Alex reported has been recorded
    And the burglary at home Robin reported has been recorded
    When Sam says that messages to their number are not for them
    And the crime Alex reported is merged into the one Robin reported
    And an officer is deployed to the crime Robin reported
    And a day passes
    Then Sam gets no more messages

  @S-105 @NOTME-01 @needs_not_for_me
  Scenario: The victim's choice of channels does not bring the wrong number back
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
  Scenario: Once the number is corrected the victim is told there
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
  Scenario: The victim's own channel stays in use
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
  Scenario: The force is asked to look into the breach in time to report it
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    And it is the last working day before a weekend or bank holiday
    When Sam says that messages to their number are not for them
    Then the force is asked once to look into who was told about Alex
    And it is asked to do so in time to report a breach

  @S-109 @NOTME-02 @needs_not_for_me
  Scenario: A stranger who says it twice causes only one task
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam says that messages to their number are not for them
    And an hour passes
    And Sam says that messages to their number are not for them
    Then the force is asked once to look into who was told about Alex

  @S-110 @NOTME-02 @needs_not_for_me
  Scenario: The force is asked again when a second stranger was told
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
  Scenario: Reporting a number on no record reveals nothing and stops nothing
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written beside Alex's own
    And the bicycle theft Alex reported has been recorded
    And an hour has passed
    When a stranger says that messages to a number on no record are not for them
    And an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by text
    When a stranger says that messages to Alex's number are not for them
    Then both get the same answer

  @S-112 @NOTME-05 @needs_not_for_me
  Scenario Outline: The link sent to a stranger no longer opens the portal
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
  Scenario: No link opens the portal where two victims were recorded with the same wrong number
    Given Alex wants to hear by text
    And Robin wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the same number was written as Robin's
    And the bicycle theft Alex reported has been recorded
    And the burglary at home Robin reported has been recorded
    And an hour has passed
    When Sam says that messages to their number are not for them
    Then no link sent to Sam works

  @S-484 @NOTME-05 @needs_not_for_me
  Scenario: A mailbox that a stranger disowned does not work at sign-in
    Given Alex wants to hear by email
    And Alex has signed in to follow a bicycle theft
    When the force records for Alex the mailbox of Sam, a stranger
    And an officer is deployed to the crime Alex reported
    And 2 hours pass
    And Sam says that messages to their mailbox are not for them
    And Sam tries to sign in as Alex with their own mailbox
    Then Sam is not signed in as Alex

  @S-450 @NOTME-06 @NOTME-02 @needs_not_for_me
  Scenario Outline: An address that anyone can type stops no messages
    Given Alex wants to hear by <channel>
    And the bicycle theft Alex reported has been recorded
    And an hour has passed
    When a stranger says that messages to Alex's <held> are not for them
    Then the force is asked once to look into who was told about Alex
    When an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by <channel>

    Examples:
      | channel | held    |
      | text    | number  |
      | email   | mailbox |

  @S-451 @NOTME-07 @needs_not_for_me
  Scenario: A stranger's word does not shut the victim out
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And an hour has passed
    When a stranger says that messages to Alex's number are not for them
    Then Alex can sign in again by mobile number

  @S-483 @NOTME-07 @needs_not_for_me @needs_received_texts
  Scenario: A text under the victim's number, which anybody can send, does not shut them out
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And an hour has passed
    When somebody texts "Not me" under Alex's number
    Then Alex can sign in again by mobile number

  @S-452 @NOTME-01 @NOTME-02 @needs_not_for_me @needs_received_texts
  Scenario: A reply from the stranger's phone stops messages there
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When Sam texts back "Not me"
    Then the force is asked once to look into who was told about Alex
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no more messages

  @S-453 @NOTME-08 @needs_not_for_me
  Scenario: The link that says a message was not for its holder opens nothing
    Given Alex wants to hear by email
    And the bicycle theft Alex reported has been recorded
    Then the link that says a message was not for Alex does not open the portal

  @S-454 @NOTME-09 @needs_not_for_me
  Scenario Outline: The force is asked again when what anyone can say is proved
    Given Alex wants to hear by <channel>
    And Sam is a stranger whose <held> was written as Alex's
    And the bicycle theft Alex reported has been recorded
    When an officer is deployed to the crime Alex reported
    And a day passes
    And a stranger says that messages to Sam's <held> are not for them
    Then the force is asked once to look into who was told about Alex
    When Sam says that messages to their <held> are not for them
    Then the force is asked twice to look into who was told about Alex

    Examples:
      | channel | held    |
      | text    | number  |
      | email   | mailbox |
