Feature: A question reaches someone who can answer it
  The officer in charge, or the team when there is no officer; the witness care unit once the case is
  with the court; a supervisor when no answer comes.

  @S-219 @TWO-03
  Scenario Outline: The team gets the question while the officer is absent
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And PC Okafor <is absent>
    When Alex asks "Has anybody looked at the cameras on Mill Lane?"
    Then the burglary team has a task

    Examples:
      | is absent                    |
      | is away with no return date  |
      | is on rest days until Monday |
      | has left the force           |

  @S-220 @TWO-03 @early
  Scenario: An officer back from rest days gets the question
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And PC Okafor is on rest days until Monday
    When it is Monday morning
    And Alex asks "Has anybody looked at the cameras on Mill Lane?"
    Then PC Okafor has a task for each question
    When PC Okafor is on rest days until Monday
    And Alex asks "And has anybody asked at the shop?"
    Then those words are in the crime system once, exactly as Alex wrote them

  @S-221 @TWO-03
  Scenario: The current officer in charge gets the question
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Lund of the burglary team
    And PC Lund has left the force
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When Alex asks "Has anybody looked at the cameras on Mill Lane?"
    Then PC Okafor has a task for each question

  @S-222 @TWO-01 @TWO-03
  Scenario: A question reaches the force before the crime is allocated
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When Alex asks "Who is looking at this?"
    Then those words are in the crime system once, exactly as Alex wrote them
    And the force has a task

  @S-223 @TWO-06
  Scenario Outline: After a charge the witness care unit gets the question
    Given the crime is for the <first> force in the order
    And Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When a suspect is charged with the crime Alex reported
    And Alex asks "When is the hearing?"
    Then the witness care unit has a task
    And those words are in the crime system once, exactly as Alex wrote them

    Examples:
      | first |
      | first |
      | last  |

  @S-429 @TWO-06 @needs_ask_officer_about
  Scenario Outline: After a charge the officer in charge gets what a victim says is about their safety or property
    Given Alex wants to hear by text
    And Alex has signed in to follow a burglary at home
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When a suspect is charged with the crime Alex reported
    And Alex chooses the subject <subject> and writes "Whom do I speak to now?"
    Then PC Okafor has a task for each question
    And those words are in the crime system once, exactly as Alex wrote them

    Examples:
      | subject  |
      | threats  |
      | property |
      | bail     |

  @S-430 @TWO-06 @needs_ask_officer_about
  Scenario: After a charge the witness care unit gets what is about something else
    Given Alex wants to hear by text
    And Alex has signed in to follow a burglary at home
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When a suspect is charged with the crime Alex reported
    And Alex chooses the subject other and writes "Whom do I speak to now?"
    Then the witness care unit has a task

  @S-224 @TWO-07 @early
  Scenario: A closed case takes no questions after the review period
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is closed with outcome 18
    When the review period of the closed case is over
    And Alex tries to write to the officer
    Then the portal refuses it
    And it says how to reach the force
    And nothing of it is in the crime system

  @S-225 @TWO-07 @early
  Scenario: A closed case takes questions until the review period ends
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And the crime Alex reported is closed with outcome 18
    When the review period of the closed case is nearly over
    And Alex asks "Is there nothing more that you can do?"
    Then those words are in the crime system once, exactly as Alex wrote them
    And PC Okafor has a task for each question
    When 2 days pass
    And the crime Alex reported is reopened
    And a day passes
    And the crime Alex reported is closed with outcome 18
    And a day passes
    And Alex asks "What came of it this time?"
    Then those words are in the crime system once, exactly as Alex wrote them

  @S-325 @TWO-07 @early
  Scenario: A closed case takes questions as long as the victim may ask for a review
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When the crime Alex reported is closed with outcome 15 by the police, and a suspect was interviewed under caution
    And the time to ask for a review is nearly over
    And Alex asks "How do I ask for a review of this decision?"
    Then those words are in the crime system once, exactly as Alex wrote them
    And PC Okafor has a task for each question

  @S-326 @TWO-07 @early
  Scenario: A closed case takes no questions when the time to ask for a review is over
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the crime Alex reported is closed with outcome 15 by the police, and a suspect was interviewed under caution
    And the time to ask for a review is over
    And Alex tries to write to the officer
    Then the portal refuses it
    And it says how to reach the force
    And nothing of it is in the crime system

  @S-226 @TWO-08 @early
  Scenario Outline: A supervisor is told once that an answer is late
    Given the crime is for the <first> force in the order
    And Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    When Alex asks "Has anybody looked at the cameras on Mill Lane?"
    And the time for an answer is nearly over
    Then no supervisor is told that Alex has no answer
    When the time for an answer is over
    Then a supervisor is told once that Alex has no answer

    Examples:
      | first |
      | first |
      | last  |

  @S-227 @TWO-08 @early
  Scenario: A supervisor is not told of a question that was answered
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And Alex has asked "Has anybody looked at the cameras on Mill Lane?"
    When the officer replies "We have, and we are speaking to the shop."
    And the time for an answer is over
    Then no supervisor is told that Alex has no answer

  @S-228 @TWO-05
  Scenario: The victim is told truthfully whether the force has their words
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime system is down
    When Alex asks "Is anybody there?"
    And 10 minutes pass
    Then Alex is told that the force does not have the words yet
    When the crime system is up again
    And 2 hours pass
    Then Alex is told that the force has the words
    And those words are in the crime system once, exactly as Alex wrote them

  @S-229 @TWO-04 @CASE-07
  Scenario: A reply under the old reference reaches the victim after a merger
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    And Alex has asked "Do you have both our reports?"
    When the crime Alex reported is merged into the one Sam reported
    And an hour passes
    And the officer replies "I have linked the reports and will ring you tomorrow."
    Then Alex is told by text that there is an update
    And Alex reads "I have linked the reports and will ring you tomorrow." in the conversation
    And Sam never sees "I have linked the reports and will ring you tomorrow."
    And Sam gets no more messages

  @S-230 @SENS-01 @early
  Scenario: Where a question goes does not reveal a sensitive outcome
    Given Alex wants to hear by text
    And Alex has signed in to follow a robbery
    And the crime Alex reported is allocated to PC Okafor of the burglary team
    And the crime Alex reported is closed with outcome 18
    When the review period of the closed case is over
    And Alex asks "Has anybody looked at the cameras on Mill Lane?"
    Then PC Okafor has a task for each question

  @S-404 @CASE-22 @needs_crimes_unmerged
  Scenario: A question asked during a merger reaches the officer of the victim's own crime
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex has signed in to follow a burglary at home
    And Sam has signed in to follow a burglary at home
    And the crime Alex reported is allocated to PC Okafor
    And the crime Sam reported is allocated to PC Lund
    When the crime Alex reported is merged into the one Sam reported
    And 2 hours pass
    And Alex asks about the crime Sam reported "Has anybody looked at the cameras on Mill Lane?"
    And the merger of the crime Alex reported is taken back
    And 2 hours pass
    Then PC Okafor has a task for each question
    And Alex reads "Has anybody looked at the cameras on Mill Lane?" in the conversation
