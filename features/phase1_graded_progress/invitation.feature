Feature: A victim is invited to follow the crime they reported
  Victims do not register themselves. The invitation is the only message with a link of its own, and
  the link alone opens nothing. The force has a mobile number and an email address for each victim
  here, and uses the one they chose.

  @S-076 @INV-01
  Scenario Outline: The victim is invited on the channels they gave
    Given Alex wants to hear by <channels>
    When the bicycle theft Alex reported is recorded
    Then Alex is invited by <channels>
    And Alex gets no message by any other channel

    Examples:
      | channels       |
      | text           |
      | email          |
      | text and email |

  @S-077 @INV-01
  Scenario: A victim who has signed in before is told of the second crime they report
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the burglary at home Alex reported is recorded
    Then Alex is told by text that there is an update
    And Alex's list shows 2 reports

  @S-078 @INV-03
  Scenario Outline: The victim of an excluded crime gets no message
    Given Alex wants to hear by text and email
    When the <crime> Alex reported is recorded
    And a day passes
    Then Alex gets no message

    Examples:
      | crime                                                  |
      | assault (flagged domestic abuse)                       |
      | assault (flagged modern slavery)                       |
      | assault (flagged repeat victim and honour-based abuse) |
      | sexual offence                                         |

  @S-079 @INV-03
  Scenario: A blank safe to contact flag means no message where the order says that blank is not safe
    Given Alex wants to hear by text and email
    And Alex's safe to contact flag is blank
    When the bicycle theft Alex reported is recorded
    And a day passes
    Then Alex gets no message, but an invitation where the order says that blank is safe

  @S-080 @INV-03
  Scenario Outline: A child gets no message
    Given Alex wants to hear by text and email
    And Alex <age>
    When the bicycle theft Alex reported is recorded
    And <time>
    Then Alex gets no message

    Examples:
      | age                                  | time           |
      | is 17 years old                      | a day passes   |
      | turns 18 on the last day of the year | a day passes   |
      | turns 18 tomorrow                    | an hour passes |

  @S-081 @INV-04 @quick
  Scenario: A crime recorded before go-live gets no invitation
    Given Alex wants to hear by text and email
    And the bicycle theft Alex reported was recorded before the portal went live
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no message

  @S-082 @INV-02
  Scenario: A mail scanner does not use up the invitation
    Given Alex wants to hear by email
    And the bicycle theft Alex reported has been recorded
    When a mail scanner follows every link sent to Alex
    Then Alex can sign in from the invitation

  @S-083 @AUTH-01
  Scenario: The link alone does not open the portal
    Given Alex wants to hear by text and email
    And the bicycle theft Alex reported has been recorded
    When a stranger who reads Alex's messages follows the link and guesses 3 times
    Then the stranger is not signed in

  @S-084 @AUTH-01
  Scenario: The link and proof of identity do not open the portal without the code
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When a stranger who has Alex's link and proof of identity guesses 3 codes
    Then the stranger is not signed in

  @S-085 @AUTH-04
  Scenario: The portal asks for the proof of identity the force ordered
    Given Alex wants to hear by text
    When the bicycle theft Alex reported is recorded
    Then the portal asks Alex for the proof of identity the force ordered, by link and by number

  @S-086 @AUTH-02 @quick
  Scenario: An invitation works once
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When Alex signs in from the invitation
    Then the same link does not work again

  @S-087 @AUTH-03
  Scenario: A victim signs in again without the invitation
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex signs out
    Then Alex can sign in again by mobile number
