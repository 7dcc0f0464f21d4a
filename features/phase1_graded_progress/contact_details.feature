Feature: Wrong contact details are neither used blindly nor lost
  One name in ten was wrong; a number in the wrong field meant no message; a wrong number told a
  stranger.

  @S-014 @DATA-01
  Scenario Outline: A number or address in the wrong field is not silently lost
    Given Alex wants to hear by <channel>
    And Alex's <detail> was written in the <field> field
    When the bicycle theft Alex reported is recorded
    And an hour passes
    Then either Alex is told by <channel> or the force is asked to look at Alex's details

    Examples:
      | channel | detail        | field        |
      | text    | mobile number | other phone  |
      | text    | mobile number | email        |
      | email   | email address | mobile phone |

  @S-015 @DATA-01
  Scenario Outline: The force is asked to look at details that cannot be used
    Given Alex wants to hear by <channels>
    And "<written>" was written as Alex's mobile number
    When the bicycle theft Alex reported is recorded
    And an hour passes
    Then the force is asked to look at Alex's details

    Examples:
      | channels       | written      |
      | text           | N/A          |
      | text           | 07700 90012  |
      | text           | 0118 4960123 |
      | text and email | 07700 90012  |

  @S-016 @DATA-01 @DATA-05
  Scenario Outline: A filler in the number field is not used as a number
    Given Alex wants to hear by text
    And "<written>" was written as Alex's mobile number
    When the bicycle theft Alex reported is recorded
    And an hour passes
    Then nothing is sent to what was written for Alex
    And Alex gets no message
    And the force is asked to look at Alex's details

    Examples:
      | written               |
      | 07000 000000          |
      | 101                   |
      | 01632 960101          |
      | 12 Mill Lane, AB1 2CD |

  @S-017 @DATA-01
  Scenario Outline: A number with a warning beside it is not used
    Given Alex wants to hear by text
    And "<written>" was written as Alex's mobile number
    When the bicycle theft Alex reported is recorded
    And an hour passes
    Then nothing is sent to what was written for Alex
    And the force is asked to look at Alex's details

    Examples:
      | written                                   |
      | DO NOT TEXT husband reads it 07700 900998 |
      | 07700 900997 is the ex                    |

  @S-018 @DATA-01
  Scenario: One digit repeated is not treated as a number
    Given Alex wants to hear by text
    And 07 followed by nothing but sevens was written as Alex's mobile number
    When the bicycle theft Alex reported is recorded
    And an hour passes
    Then nothing is sent to what was written for Alex
    And the force is asked to look at Alex's details

  @S-019 @SAFE-01 @DATA-01 @quick
  Scenario: A number that many unrelated people gave gets no message
    Given more people than may share a number all gave the number of Sam, a stranger
    When a burglary at home with all of them as victims is recorded
    And an hour passes
    Then Sam gets no message
    And the force is asked to look at the details of each of them

  @S-020 @SAFE-01
  Scenario Outline: A number in another field gets no message, because it may be someone else's
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written in the <field> field for Alex
    When the bicycle theft Alex reported is recorded
    And an hour passes
    Then Sam gets no message
    And the force is asked to look at Alex's details

    Examples:
      | field       |
      | other phone |
      | email       |

  @S-021 @SAFE-01
  Scenario: A number in another field does not open the portal
    Given Alex wants to hear by text
    And Sam is a stranger whose number was written beside Alex's own
    And Alex has signed in to follow a bicycle theft
    When Sam tries to sign in as Alex with their own mobile number
    Then Sam is not signed in as Alex
    And Sam gets no message
    And Alex can sign in again by mobile number

  @S-022 @DATA-03
  Scenario Outline: No more messages go to an address that does not work
    Given Alex wants to hear by <channel>
    And Alex's recorded <address> is no longer in use
    And the bicycle theft Alex reported has been recorded
    When an hour passes
    And an officer is deployed to the crime Alex reported
    And 2 hours pass
    Then nothing more was sent to the old <address>
    And the force is asked to look at Alex's details

    Examples:
      | channel | address |
      | text    | number  |
      | email   | mailbox |

  @S-023 @DATA-07
  Scenario Outline: When one address fails, the other is still used
    Given Alex wants to hear by text and email
    And Alex's recorded <address> is no longer in use
    And the bicycle theft Alex reported has been recorded
    When an hour passes
    And an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by <channel>

    Examples:
      | address | channel |
      | number  | email   |
      | mailbox | text    |

  @S-024 @DATA-04
  Scenario: The victim is told once their details are corrected
    Given Alex wants to hear by text
    And Alex's mobile number was written in the other phone field
    And the bicycle theft Alex reported has been recorded
    When the force corrects Alex's details
    Then Alex is invited by text

  @S-025 @ONCE-01
  Scenario: A change of details is not announced
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the force records that Alex wants an update every 60 days
    And an hour passes
    Then Alex gets no more messages

  @S-026 @SAFE-02
  Scenario: A flag added late stops messages
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    And the force records that Alex is not safe to contact
    And the crime Alex reported is allocated to PC Okafor
    And a day passes
    Then Alex gets no more messages

  @S-027 @SAFE-02
  Scenario: A flag added late ends the session and stops sign-in
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the force records that Alex is not safe to contact
    Then Alex's old session shows nothing
    And Alex can no longer sign in by number or email

  @S-028 @DATA-04 @INV-07
  Scenario: Messages start again when a flag is lifted
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the force records that Alex is not safe to contact
    And a day passes
    And the force records that Alex is safe to contact again
    And an hour passes
    And an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by text

  @S-029 @SAFE-02
  Scenario: A flag added late cancels the invitation
    Given Alex wants to hear by text and email
    And the bicycle theft Alex reported has been recorded
    When the force records that Alex is not safe to contact
    Then Alex can no longer sign in from the invitation
