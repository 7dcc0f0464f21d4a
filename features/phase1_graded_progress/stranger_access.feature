Feature: What was meant for one person does not work for another
  Links are guessed, and codes are passed on.

  @S-167 @SEC-01
  Scenario: A nearly right link does not open the portal
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    When a stranger changes the end of Alex's link
    Then that link does not work
    And Alex can sign in from the invitation

  @S-168 @SEC-02
  Scenario: A code sent to one victim does not sign them in as another
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And the bicycle theft Alex reported has been recorded
    And the burglary at home Sam reported has been recorded
    And Alex has a one-time code
    When Sam is sent a one-time code, and enters it where Alex's is asked for
    Then Sam is not signed in as Alex
