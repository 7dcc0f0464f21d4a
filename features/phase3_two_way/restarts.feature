Feature: A victim's question survives a crash of the portal
  The portal crashes while the question still waits for the crime system.

  @S-207 @REL-02 @needs_restarts
  Scenario: A question survives when the portal crashes while the crime system is down
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime system is down
    When Alex asks "Is anybody there?"
    And the portal crashes and is started again
    And the crime system is up again
    And 2 hours pass
    Then those words are in the crime system once, exactly as Alex wrote them
    And Alex reads "Is anybody there?" in the conversation
