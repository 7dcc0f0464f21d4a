Feature: A victim writes to the officer in charge and reads the reply
  The words reach the crime system exactly, once, and become a task.

  @S-208 @TWO-01 @TWO-02 @TWO-03 @TWO-13 @TWO-14 @quick
  Scenario: A question reaches the crime system once, as a task
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    When Alex asks "Has anybody looked at the cameras on Mill Lane?"
    And Alex asks "And at the one in the shop?"
    Then those words are in the crime system once, exactly as Alex wrote them
    And PC Okafor has a task for each question

  @S-209 @TWO-01
  Scenario Outline: The victim's words are kept exactly
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex asks "<words>"
    Then those words are in the crime system once, exactly as Alex wrote them
    And Alex reads those words in the conversation

    Examples:
      | words                                      |
      | <script>alert('hello')</script> & "quotes" |
      | Zażółć gęślą jaźń; naïve café; 你好          |
      | a line with    spaces   in it              |
      | the ﬁrst of № 5, about ½ of it at 5²       |

  @S-210 @TWO-01
  Scenario: A long question of many lines is kept exactly
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex asks a question of 40 lines, as long as is allowed
    Then those words are in the crime system once, exactly as Alex wrote them
    And Alex reads those words in the conversation

  @S-211 @TWO-03
  Scenario: The team gets the task when no officer is in charge
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to the burglary team
    When Alex asks "Who is looking at this?"
    Then the burglary team has a task

  @S-212 @TWO-04 @PRIV-01 @quick
  Scenario: The officer's reply reaches the victim
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    And Alex has asked "Has anybody looked at the cameras on Mill Lane?"
    When the officer replies "We have, and we are speaking to the shop."
    Then Alex is told by text and email that there is an update
    And Alex reads "We have, and we are speaking to the shop." in the conversation
    When the officer replies "I have watched them now, and I will ring you about it tomorrow."
    Then Alex is told by text and email that there is an update
    And Alex reads "We have, and we are speaking to the shop." in the conversation
    And Alex reads "I have watched them now, and I will ring you about it tomorrow." in the conversation
    When a day passes
    And the officer replies "We have, and we are speaking to the shop."
    Then Alex is told by text and email that there is an update

  @S-213 @TWO-04
  Scenario Outline: The officer's reply reaches the victim whatever the state of the case
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Alex has asked "Has anybody looked at the cameras on Mill Lane?"
    When <end>
    Then Alex is told by text that there is an update
    When the officer replies "We have, and I will ring you about it tomorrow."
    Then Alex is told by text that there is an update
    And Alex reads "We have, and I will ring you about it tomorrow." in the conversation

    Examples:
      | end                                               |
      | the crime Alex reported is closed with outcome 18 |
      | a suspect is charged with the crime Alex reported |

  @S-214 @TWO-04 @INT-05
  Scenario: A reply that arrives a day late is still read
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Alex has asked "Has anybody looked at the cameras on Mill Lane?"
    And the crime system holds back that the officer replied "We have, and I will ring you about it tomorrow."
    When a day passes
    And what was held back is sent
    Then Alex gets a message about it by text
    And Alex reads "We have, and I will ring you about it tomorrow." in the conversation

  @S-215 @TWO-02 @TWO-05
  Scenario: No question is lost while the crime system is down
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime system is down
    When Alex asks "Is anybody there?"
    And 10 minutes pass
    And the crime system is up again
    And 2 hours pass
    Then those words are in the crime system once, exactly as Alex wrote them

  @S-216 @PRIV-03
  Scenario: A victim cannot write about or read a crime another victim reported
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a burglary at home
    And Alex has asked "Please do not tell my brother"
    When Sam tries to write about the crime Alex reported
    Then the portal refuses it
    And nothing of it is in the crime system
    When Sam asks the portal for Alex's conversation
    Then Sam is shown nothing of the crime Alex reported

  @S-217 @PRIV-03 @TWO-13
  Scenario: Two victims of one crime have separate conversations
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same burglary at home
    And Alex has asked "Please do not tell Sam what I said"
    When Sam reads the conversation
    Then Sam never sees "Please do not tell Sam"
    When Sam asks "Did anybody hear it?"
    Then those words are in the crime system once, exactly as Sam wrote them

  @S-218 @INT-09 @needs_carries_correlation_id
  Scenario: A question and its task carry one id
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    When Alex asks "Has anybody looked at the cameras on Mill Lane?"
    Then PC Okafor has a task for each question
    And Alex's words and the task for them carry one id
