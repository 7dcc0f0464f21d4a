Feature: A victim asks to talk about no longer supporting the case
  Stopping messages is one thing, and no longer supporting the investigation another. The victim asks
  to talk about it in two steps, signed in. An officer speaks to them first, because another person may
  hold the phone. Until then nothing changes: the portal records nothing else, and messages go on.

  @S-260 @CONT-06 @CONT-02
  Scenario: A victim who stops all messages is not said to withdraw
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex asks the portal to stop all messages
    Then the force is asked to find another way to tell Alex
    And nobody is asked to speak to Alex about no longer supporting the case

  @S-261 @CONT-06 @WITHDRAW-02 @needs_received_texts
  Scenario Outline: No text message withdraws support
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When Alex texts back "<words>"
    And an hour passes
    Then nobody is asked to speak to Alex about no longer supporting the case

    Examples:
      | words                                 |
      | STOP                                  |
      | I no longer support the investigation |

  @S-262 @WITHDRAW-01 @WITHDRAW-03 @needs_withdraw_support
  Scenario: The officer in charge is asked to speak to the victim
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    When Alex asks to talk to an officer about no longer supporting the case
    Then PC Okafor is asked once to speak to Alex about no longer supporting the case

  @S-263 @WITHDRAW-02 @needs_withdraw_support
  Scenario: One press tells nobody
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex opens the page about no longer supporting the case and presses once
    And an hour passes
    Then nobody is asked to speak to Alex about no longer supporting the case

  @S-264 @WITHDRAW-05 @MSG-01 @needs_withdraw_support
  Scenario: Nothing changes until an officer has spoken to the victim
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And Alex has read every message
    When Alex asks to talk to an officer about no longer supporting the case
    And a day passes
    Then Alex gets no more messages
    When an officer is deployed to the crime Alex reported
    Then Alex is told by text and email that there is an update
    And Alex's page shows something new

  @S-265 @WITHDRAW-03 @needs_withdraw_support
  Scenario Outline: The team is asked where no officer is at work
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And PC Okafor <is gone>
    When Alex asks to talk to an officer about no longer supporting the case
    Then the burglary team is asked once to speak to Alex about no longer supporting the case

    Examples:
      | is gone                      |
      | has left the force           |
      | is on rest days until Monday |

  @S-266 @WITHDRAW-03 @CASE-07 @needs_withdraw_support
  Scenario: After a merger the officer of the crime it was merged into is asked
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    And the crime Alex reported is allocated to PC Okafor
    And the crime Sam reported is allocated to PC Lund
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And Alex asks to talk to an officer about no longer supporting the case
    Then PC Lund is asked once to speak to Alex about no longer supporting the case
    And nobody is asked to speak to Sam about no longer supporting the case

  @S-267 @WITHDRAW-04 @needs_withdraw_support
  Scenario: Nobody asks about another person's crime
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Sam reported has been recorded
    Then Alex cannot ask to talk about no longer supporting the case Sam reported
    And nobody is asked to speak to Sam about no longer supporting the case
    And nobody is asked to speak to Alex about no longer supporting the case

  @S-268 @WITHDRAW-01 @WITHDRAW-03 @needs_withdraw_support
  Scenario: After a charge the officer still speaks to the victim
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    When a suspect is charged with the crime Alex reported
    And an hour passes
    And Alex asks to talk to an officer about no longer supporting the case
    Then PC Okafor is asked once to speak to Alex about no longer supporting the case
