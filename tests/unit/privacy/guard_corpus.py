"""Sentences that participants write, with the names in them that must be found, and without any.

Made up for these tests. In MUST_FIND each line is a sentence, then every finding that must be made
of it, whole, after a bar. MUST_STAY_QUIET names scholars, places, programmes and bodies, no child.
"""

_MUST_FIND = """
Oliver Smith in Year 4 found reading hard. | Oliver Smith
We asked Oliver Smith and others. | Oliver Smith
Jack found the change of room hard. | Jack
Jack found it easier to sit near the door. | Jack
We met a boy, Tyler, who had joined in spring. | Tyler
Tyler's mum said he sleeps better. | Tyler
Jack’s mum said he reads at home. | Jack
AB (Y5) left the group. | AB
AB (Year 5) left the group. | AB
The pupil J.S. reads with a TA. | J.S.
We chose pupil JS for a closer look. | JS
Ms Patel's class went first. | Ms Patel
Mohammed and Aisha both joined the group. | Mohammed | Aisha
Mohammed, Aisha and Tyler joined the group. | Mohammed | Aisha | Tyler
Lily-Mae reads every day. | Lily-Mae
Mary-Jane O'Connor reads every day. | Mary-Jane O'Connor
Sean O’Brien left in March. | Sean O’Brien
Amelia Jones-Brown was absent. | Amelia Jones-Brown
We asked oliver smith about it. | oliver smith
oliver smith found it hard. | oliver smith
One boy, daniel, was unsure. | daniel
| Oliver Smith | Y4 | 12 weeks | | Oliver Smith
| Y4 | Tyler | reading | | Tyler
## Oliver’s story | Oliver
## Tyler Reed | Tyler Reed
- Oliver Smith: 12 weeks of phonics | Oliver Smith
- Aisha | Aisha
* Tyler (Y3) | Tyler
1. Jack Robinson | Jack Robinson
See [Oliver’s plan](https://school.example/plan). | Oliver
See [the plan of Aisha Khan](https://school.example/plan). | Aisha Khan
The case of *Oliver Smith* shows this. | Oliver Smith
The case of **Tyler** shows this. | Tyler
Parents of Zainab Hussain were glad. | Zainab Hussain
For Kacper, the visual timetable worked. | Kacper
Support for Jack was reduced in May. | Jack
I worked with Grace on her spelling. | Grace
Grace struggled with the timetable. | Grace
Grace’s mother asked for a review. | Grace
Will Harrison joined us from another school. | Will Harrison
Summer Jackson made eight months of progress. | Summer Jackson
Ruby and Amber share a TA. | Ruby | Amber
Thulani was moved to another group. | Thulani
Xiadani’s reading age rose by a year. | Xiadani
Jayvon’s mum told us he was happier. | Jayvon
A girl in Year 3, Tunmise, did not speak at school. | Tunmise
A Year 5 boy, Kaiyen, left the room often. | Kaiyen
A pupil (Tunmise) did not speak at school. | Tunmise
A child I will call Bertrand was chosen. | Bertrand
The twins, Ella and Ava, sit together. | Ella | Ava
His sister Chloe attends too. | Chloe
Ellis, who is in Year 2, was pleased. | Ellis
Thomas was excluded twice last year. | Thomas
Oliver was excluded twice last year. | Oliver
When Lewis’s mother came in, we agreed a plan. | Lewis
Smith, Oliver: 12 weeks of phonics. | Smith, Oliver
Oliver S. made good progress. | Oliver S
Oliver S made good progress. | Oliver S
O. Smith (Y4) made good progress. | O. Smith
K.T. was seen by the psychologist. | K.T.
MK’s mother came to the review. | MK
The plan for TB (Y2) has ended. | TB
Child B was absent for the exit test. | Child B
Pupil 7 made no progress. | Pupil 7
Mr Adeyemi teaches the group. | Mr Adeyemi
Miss Hargreaves-Cole runs the group. | Miss Hargreaves-Cole
Mrs O’Neill and Dr Shah attended. | Mrs O’Neill | Dr Shah
Our TA, Sandra, leads the group. | Sandra
Sandra Whitby, our HLTA, leads it. | Sandra Whitby
The EP, Helen Grantley, advised us. | Helen Grantley
His UPN is A123456789012 on the list. | A123456789012
She was born on 14th March 2015. | born on 14th March 2015
Write to t.reed@school.example for it. | t.reed@school.example
Ring his dad on 07700 900456. | 07700 900456
Reading is valued (EEF, 2021), and Oliver Smith in Year 4 found it hard. | Oliver Smith
As Bruner (1978) shows, talk matters; Aaliyah talks more now. | Aaliyah
Norwich (2014) warns of this, yet Isla Norwich was happy. | Isla Norwich
Cases of interest: Muhammad Ali Khan (Y6). | Muhammad Ali Khan
Maria da Silva came in June. | Maria da Silva
Siân Llewellyn came in June. | Siân Llewellyn
Zoë and Chloë read in pairs. | Zoë | Chloë
JACK SMITH made nine months of progress. | JACK SMITH
Jack, Y4, made nine months of progress. | Jack
Before: Tyler 84, after: 91. | Tyler
Both Priya’s and Rohan’s scores rose. | Priya | Rohan
We heard from Josh’s class teacher. | Josh
"""

_MUST_STAY_QUIET = """
Inclusion is contested (Norwich, 2014; Webster et al., 2015; DfE and DoH, 2015, p. 16).
Webster and Blatchford (2019) found that support by a TA can cost independence.
Vygotsky argues that learning is social; Bandura and Bruner (1978) agree.
Gary Thomas and Andrew Loxley question the idea of special needs (Thomas and Loxley, 2007).
Carol Dweck’s work on mindset and Daniel Willingham’s on memory are often quoted.
Jean Piaget’s stages were questioned by Margaret Donaldson (1978).
Lev Vygotsky’s zone of proximal development underlies the approach.
Urie Bronfenbrenner’s ecological model places the child within systems.
John Bowlby and Mary Ainsworth shaped our view of attachment.
Mary Warnock chaired the committee whose report appeared in 1978.
Baroness Warnock later regretted parts of it (Warnock, 2005).
Jean Lave and Etienne Wenger wrote of communities of practice.
Albert Bandura’s self-efficacy explains why mastery matters.
Rob Webster, Peter Blatchford and Anthony Russell led the DISS project.
According to John Hattie, feedback has a large effect.
Dylan Wiliam suggests that comments help more than marks.
Barak Rosenshine’s principles shape our lessons.
Maslow’s hierarchy is taught on many courses.
Lani Florian and Kristine Black-Hawkins (2011) propose inclusive pedagogy.
Brahm Norwich (2008) calls this a dilemma of difference.
Mel Ainscow, Tony Booth and Alan Dyson (2006) see it as a process.
Mittler (2000), Barton (1998) and Slee (2011) disagree.
Thomas (2013, p. 473) argues that difference is made.
Lewis and Norwich (2005) found little evidence for a special pedagogy.
Oliver (1990) separates impairment from disability.
Michael Oliver’s social model separates impairment from disability.
The social model (Oliver, 1990; Shakespeare, 2006) is well known.
In Ellis, Tod and Graham-Matheson (2008), teachers were asked.
As Rose and Howley (2007) put it, structure helps.
See also Frederickson, Jones and Lang (2010) for a review.
Ofsted (2021) visited schools in May and June.
The Rochford Review, the Lamb Inquiry and the Salamanca Statement came before.
The Children and Families Act 2014 and the Equality Act 2010 apply.
The SEND and Alternative Provision Improvement Plan (DfE, 2023) is awaited.
The Timpson Review of School Exclusion was published in May 2019.
The Bercow Report and its ten-year review, Bercow: Ten Years On, said so.
The Rose Review of reading was published in 2006.
The Carter Review of teacher training was published in 2015.
St James Primary School and Victoria Road Infants share a SENCo.
Charles Dickens Academy and St Mary’s share a hall.
King Edward VI College and Queen Elizabeth Hospital work with us.
The school lies in Milton Keynes, near Bedford and Leighton Buzzard.
Our trust works in Kent, Devon, Lancashire and the Isle of Wight.
In Bristol and Leeds, Sheffield and Durham the offer differs.
The borough of Barking and Dagenham publishes a local offer.
Washington and Lincoln are towns; Austin is a town in Texas.
Hamish & Milo, Zippy’s Friends and Toe by Toe run in Year 4.
Read Write Inc, Ruth Miskin Phonics and Talk Boost run in Year 1.
Lego Therapy, Precision Teaching and Sensory Circuits run in Key Stage 2.
Reading Recovery, Switch-on Reading and Catch Up Literacy are costed.
The Boxall Profile, the Salford Reading Test and the YARC were used.
British Picture Vocabulary Scale scores rose; Vernon Spelling scores did not.
Routledge, Sage, Palgrave Macmillan and Jessica Kingsley publish on this.
Published in London by David Fulton and in Maidenhead by Open University Press.
Books by Pearson, Hodder and Oxford University Press were bought.
In September we began, in December we reviewed, and in April we stopped.
May was busy. March was short. Will this last? Hope is not a plan.
Summer Term data, Autumn 1 and Spring 2 agree. Max 6 pupils a group.
Art and Music are taught in the Rose Room. Mark schemes were used.
The Safeguarding Policy, the Accessibility Plan and the SEN Information Report agree.
The Behaviour Policy and the Anti-Bullying Policy were revised by the Governing Board.
The Head of Year, the Designated Safeguarding Lead and the Chair of Governors met.
Quality First Teaching and the Graduated Approach come before Wave 2.
Assess, Plan, Do, Review is the cycle of the Code of Practice.
Social, Emotional and Mental Health needs rose, as did Speech and Language needs.
Year 4 found reading hard. Reception found it easy. Teachers found it useful.
Pupils enjoyed the club. Parents told us so. Staff said he or she would help.
Boys and girls in Year 5 found fractions hard.
One pupil, who had just joined, found it hard to settle.
A pupil in Year 3, new to English, made good progress.
The pupil premium and the Pupil Voice survey were considered.
The child’s voice matters; Parents’ views were sought in March.
Dyslexia Action and the British Dyslexia Association advise schools.
I CAN, Mencap, Barnardo’s and the National Autistic Society help families.
Whole School SEND and nasen publish guidance; so does the EEF.
Power, Bourdieu notes, hides in habit; Foucault would agree.
Ball’s (2003) “terrors of performativity” come to mind.
A UK study (Education Policy Institute, 2022) and a US one agree.
Piaget, Bruner and Vygotsky stand behind constructivism.
References
Norwich, B. (2014) Addressing tensions and dilemmas. London: Routledge.
Oliver, M. (1990) The Politics of Disablement. Basingstoke: Macmillan.
Thomas, G. and Loxley, A. (2007) Deconstructing Special Education. Maidenhead: OUP.
Ellis, S., Tod, J. and Graham-Matheson, L. (2008) Inclusion. Birmingham: NASUWT.
Department for Education (2015) SEND Code of Practice. London: DfE.
Webster, R., Russell, A. and Blatchford, P. (2016) Maximising. 2nd edn. London: Routledge.
"""


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _with_names(line: str) -> tuple[str, list[str]]:
    """The sentence, and the names after it; a row of a table keeps its own bars."""
    if line.startswith("| "):
        said, _, name = line.rpartition(" | ")
        return said, [name]
    said, *names = line.split(" | ")
    return said, names


MUST_FIND = [_with_names(line) for line in _lines(_MUST_FIND)]
MUST_STAY_QUIET = _lines(_MUST_STAY_QUIET)
