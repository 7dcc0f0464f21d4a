Feature: An officer tells the victim of a sensitive outcome first
  That a robbery case is closed, or that nobody can be charged because the suspect has died, is not
  news for a text message. An officer speaks to each victim and records it, and only then does the portal say
  it.

  @S-145 @SENS-01 @SENS-02
  Scenario Outline: A sensitive outcome waits for an officer
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a <crime>
    When the crime Alex reported is closed with outcome <outcome>
    Then the force is asked to speak to Alex
    When a day passes
    Then Alex gets no more messages
    And Alex does not learn from the portal that the crime was closed
    And Alex is shown nothing new

    Examples:
      | crime            | outcome |
      | robbery          | 18      |
      | robbery          | 14      |
      | burglary at home | 5       |
      | assault          | 13      |

  @S-146 @SENS-01 @SENS-02 @MSG-01 @quick
  Scenario: The victim is told once an officer has spoken to them
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a robbery
    And the crime Alex reported is closed with outcome 18
    And an hour has passed
    When an officer has spoken to Alex
    Then Alex is told by text and email that there is an update
    And the crime Alex reported is shown as closed
    And Alex's page shows something new

  @S-147 @SENS-01 @SENS-02
  Scenario: Each of two victims is told once an officer has spoken to them
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same robbery
    When the crime Alex reported is closed with outcome 18
    Then the force is asked to speak to Alex
    And the force is asked to speak to Sam
    When an officer has spoken to Alex
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as closed
    And Sam gets no more messages
    And Sam does not learn from the portal that the crime was closed
    And Sam is shown nothing new
    When an officer has spoken to Sam
    Then Sam is told by text that there is an update
    And the crime Sam reported is shown as closed
    And Alex gets no more messages

  @S-148 @SENS-01
  Scenario: A crime reopened before an officer spoke to the victim is not announced as closed
    Given Alex wants to hear by text
    And Alex has signed in to follow a robbery
    When the crime Alex reported is closed with outcome 18
    And an hour passes
    And the crime Alex reported is reopened
    And 2 hours pass
    And Alex has read every message
    And an officer has spoken to Alex
    Then Alex gets no more messages
    And the crime Alex reported is shown as open
    And Alex does not learn from the portal that the crime was closed

  @S-149 @SENS-01
  Scenario: A conversation before the crime was closed does not count
    Given Alex wants to hear by text
    And Alex has signed in to follow a robbery
    When an officer has spoken to Alex
    And an hour passes
    And the crime Alex reported is closed with outcome 18
    And a day passes
    Then Alex gets no more messages
    And Alex does not learn from the portal that the crime was closed

  @S-150 @SENS-01 @SENS-02
  Scenario: A conversation after the crime was closed counts, even if the outcome arrives later
    Given Alex wants to hear by text
    And Alex has signed in to follow a robbery
    And the crime system holds back the closure of the crime Alex reported with outcome 18
    When an hour passes
    And an officer has spoken to Alex
    And an hour passes
    And what was held back is sent
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as closed
    And Alex's page shows something new

  @S-151 @SENS-01
  Scenario: A conversation about one crime does not count for another
    Given Alex wants to hear by text
    And Alex has signed in to follow a burglary at home
    And the robbery Alex reported has been recorded
    And Alex has read every message
    When the crime Alex reported is closed with outcome 18
    And an hour passes
    And an officer speaks to Alex about the burglary at home
    And a day passes
    Then Alex gets no more messages
    And Alex does not learn from the portal that the crime was closed

  @S-152 @CASE-03
  Scenario: Any other outcome is announced at once
    Given Alex wants to hear by text
    And Alex has signed in to follow a burglary at home
    When the crime Alex reported is closed with outcome 18
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as closed

  @S-153 @SENS-03 @early
  Scenario: The victim is told however late the officer speaks to them
    Given Alex wants to hear by text
    And Alex has signed in to follow a robbery
    And the crime Alex reported is closed with outcome 18
    When 10 days pass
    And Alex has read every message
    And an officer has spoken to Alex
    Then Alex is told by text that there is an update
    And the crime Alex reported is shown as closed

  @S-154 @SENS-04
  Scenario Outline: The deadline to speak to a victim is no later than the Victims' Code allows
    Given Alex wants to hear by text
    And Alex has <rights> rights
    And Alex has signed in to follow a robbery
    When the crime Alex reported is closed with outcome 18
    Then the force is asked to speak to Alex within the working days for <rights> rights

    Examples:
      | rights   |
      | standard |
      | enhanced |

  @S-289 @SENS-04 @SENS-05
  Scenario Outline: An officer speaks to a guardian or a bereaved family within one working day
    Given Alex wants to hear by text
    And an officer decided that Alex is told in place of Robin, <who>
    And Alex has signed in to follow the robbery that Alex is told about
    When the crime Alex reported is closed with outcome 18
    Then the force is asked to speak to Alex within the working days for enhanced rights

    Examples:
      | who           |
      | who has died  |
      | a child of 15 |
