Feature: A victim is invited to follow their crime
  Nobody registers themselves. The invitation is the only message with a link of its own, and the
  link alone opens nothing.

  @INV-01
  Scenario Outline: Invited on the channels the victim gave
    Given Alex wants to hear by <channels>
    When Alex's bicycle theft is recorded
    Then Alex is invited by <channels>
    And Alex is invited by no other channel

    Examples:
      | channels       |
      | text           |
      | email          |
      | text and email |

  @INV-03
  Scenario Outline: Never told of the portal when the crime is excluded
    Given Alex wants to hear by text and email
    When Alex's <crime> is recorded
    And a day passes
    Then Alex hears nothing

    Examples:
      | crime                              |
      | assault marked as domestic abuse   |
      | assault marked as trafficking      |
      | sexual offence                     |

  @INV-03
  Scenario: Nothing to a victim who is not recorded as safe to contact
    Given Alex wants to hear by text and email
    And it was never recorded whether Alex is safe to contact
    When Alex's bicycle theft is recorded
    And a day passes
    Then Alex hears nothing

  @INV-03
  Scenario: Nothing to a child
    Given Alex wants to hear by text and email
    And Alex is 17 years old
    When Alex's bicycle theft is recorded
    And a day passes
    Then Alex hears nothing

  @INV-04
  Scenario: A crime that was open before the portal went live
    Given Alex wants to hear by text and email
    And Alex's bicycle theft was recorded before the portal went live
    When an officer is deployed to Alex's crime
    And a day passes
    Then Alex hears nothing

  @INV-02
  Scenario: A mail scanner does not use the invitation up
    Given Alex wants to hear by email
    And Alex's bicycle theft has been recorded
    When a mail scanner follows every link sent to Alex
    Then Alex can sign in from the invitation

  @AUTH-01
  Scenario: The link alone does not open the portal
    Given Alex wants to hear by text and email
    And Alex's bicycle theft has been recorded
    When a stranger follows Alex's link and guesses another word
    Then the stranger is not let in

  @AUTH-02
  Scenario: An invitation works once
    Given Alex wants to hear by text
    And Alex's bicycle theft has been recorded
    When Alex signs in from the invitation
    Then the same link does not work again

  @AUTH-03
  Scenario: Coming back without the invitation
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex signs out
    Then Alex can sign in again by mobile number
