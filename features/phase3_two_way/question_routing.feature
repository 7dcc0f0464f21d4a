Feature: A question is about one crime, and an answer is from one officer
  The question goes to the current officer in charge, and the officer who answers is named; each of
  two crimes has its own conversation.

  @S-231 @TWO-09
  Scenario: After a reallocation the next question goes to the new officer in charge
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has asked "Has anybody looked at the cameras on Mill Lane?"
    And the officer has replied "We have, and we are speaking to the shop."
    When an hour passes
    And the crime Alex reported is allocated to PC Lund
    And Alex asks "What did the shop say?"
    Then PC Lund has a task for the last question

  @S-232 @TWO-01 @TWO-03
  Scenario: The same question a day later is a new question
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has asked "Is there any news?"
    And the officer has replied "Not yet."
    When a day passes
    And Alex asks "Is there any news?"
    Then those words are in the crime system once, exactly as Alex wrote them
    And PC Okafor has a task for each question

  @S-233 @TWO-10
  Scenario: A question about one crime stays with that crime
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the burglary at home Alex reported has been recorded
    When Alex asks "Has anybody looked at the back door?"
    Then those words are in the crime system once, exactly as Alex wrote them
    And nothing of it is in the conversation about the bicycle theft Alex reported

  @S-234 @PRIV-03 @early
  Scenario: A victim who turns 18 does not read what the adult told in their place wrote
    Given Alex wants to hear by text
    And an officer decided that Alex is told in place of Robin, who turns 18 in 2 days
    And Alex has signed in to follow the bicycle theft that Alex is told about
    When Alex asks "Must Robin know who the officers suspect?"
    And 2 days pass
    And the force decides that Robin is told instead of Alex
    Then Robin is invited by text
    And Robin can sign in from the invitation
    And Robin never sees "who the officers suspect"

  @S-235 @TWO-11
  Scenario: A question that is too long is refused, not cut
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex tries to write more than the portal takes
    Then Alex's words are refused, or reach the crime system whole

  @S-236 @TWO-12
  Scenario: An answer names the officer who wrote it
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Lund
    And Alex has been told of it, and has read the page
    And Alex has asked "Has anybody looked at the cameras on Mill Lane?"
    When the officer replies "We have, and we are speaking to the shop."
    Then Alex is told by text that there is an update
    And the last answer to Alex says that it is from PC Okafor

  @S-237 @GATE-04 @early
  Scenario: The victim of a crime from phase 1 writes to the officer in phase 3
    Given Alex has followed a public order offence since phase 1
    And the crime Alex reported is allocated to PC Okafor
    When Alex asks "Is somebody still looking into this?"
    Then those words are in the crime system once, exactly as Alex wrote them
    And PC Okafor has a task for each question

  @S-455 @PERS-05 @PRIV-03 @needs_persons_merged
  Scenario: After a mistaken merger of two people neither reads what the other wrote
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And Sam wants to hear by text
    And Sam has the name of Alex, and a date of birth that nobody recorded
    And Sam has signed in to follow a robbery
    When the record of Sam is merged into the record of Alex
    And an hour passes
    And Alex signs in by the number
    And Alex asks about the crime Sam reported "Please do not tell my brother"
    And 2 hours pass
    And the merger of the record of Sam is taken back
    And 2 hours pass
    And Sam signs in by the number
    Then Sam reads the page of the robbery Sam reported
    And Sam never sees "Please do not tell my brother"
