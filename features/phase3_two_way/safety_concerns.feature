Feature: Words that speak of danger are read at once
  A victim may write to the officer what they should ring 999 about. The words go the usual way, and an
  urgent task says that somebody must read them now.

  @S-320 @TWO-16 @TWO-01 @quick
  Scenario Outline: A question that speaks of danger becomes an urgent task
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When Alex asks "<words>"
    Then PC Okafor or the control room is asked at once to read words that speak of danger
    And those words are in the crime system once, exactly as Alex wrote them
    And PC Okafor has a task for each question

    Examples:
      | words                                                                          |
      | He is outside my house now and he says he is going to kill me.                 |
      | I don't want to be alive any more. I've written the letters to my family.      |
      | He said if I go to court he will stab me.                                      |
      | hes hit me again and im bleeding                                               |
      | My brother says he will kill me for shaming the family and they are flying me out on Friday. |

  @S-321 @TWO-16
  Scenario Outline: Words that speak of danger reach somebody while the officer is absent
    Given the crime is for the <first> force in the order
    And Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And PC Okafor <is absent>
    When Alex asks "They have just kicked my front door in, please send someone"
    Then the control room is asked at once to read words that speak of danger
    And those words are in the crime system once, exactly as Alex wrote them

    Examples:
      | first | is absent                    |
      | first | is on rest days until Monday |
      | last  | has left the force           |

  @S-322 @TWO-16 @TWO-06
  Scenario: After a charge threats still reach the officer in charge
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When a suspect is charged with the crime Alex reported
    And Alex asks "They petrol bombed my car in the night and said I am next."
    Then PC Okafor or the control room is asked at once to read words that speak of danger
    And the witness care unit has a task

  @S-323 @TWO-16 @TWO-05
  Scenario: Words that speak of danger are not lost while the crime system is down
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And the crime system is down
    When Alex asks "I am scared for my life. He has found out where I live."
    And 10 minutes pass
    And the crime system is up again
    And 2 hours pass
    Then PC Okafor or the control room is asked at once to read words that speak of danger
    And those words are in the crime system once, exactly as Alex wrote them

  @S-324 @TWO-18
  Scenario Outline: A question about nothing but the case raises no urgent task
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When Alex asks "<words>"
    Then PC Okafor has a task for each question
    And nobody is asked to read it at once

    Examples:
      | words                                                    |
      | Is there any news about my bicycle?                      |
      | I missed your call, I was at work. Try after 6.          |
      | Will I be told if somebody is charged?                   |
