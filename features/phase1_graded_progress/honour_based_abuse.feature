Feature: Victims of honour-based abuse hear from a person, never from the portal
  Family and community may read the phone, the mailbox and the post of the victim, whatever the record
  says about safe contact. No portal message goes out at all: one officer, whom the victim knows, keeps
  contact by the means that they agreed.

  @S-426 @SAFE-09
  Scenario: Nothing is sent about a crime that is flagged honour-based abuse
    Given Alex wants to hear by text and email
    And the order has only a person contact victims of honour-based abuse
    When the assault (flagged honour-based abuse) Alex reported is recorded
    And an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no message
    And the force is asked to speak to Alex

  @S-427 @SAFE-09 @SAFE-02
  Scenario: A flag for honour-based abuse that comes later ends all contact by the portal
    Given Alex wants to hear by text and email
    And the order has only a person contact victims of honour-based abuse
    And Alex has signed in to follow an assault
    And the bicycle theft Alex reported has been recorded
    And Alex has read every message
    When the crime Alex reported is reclassified as an assault (flagged honour-based abuse)
    Then the force is asked to speak to Alex
    And Alex's old session shows nothing
    And Alex can no longer sign in by number or email
    When a suspect is charged with the crime Alex reported
    And a day passes
    Then Alex gets no more messages
