META
key;value
description;Which first?
country;United Kingdom
unit;Hillgrove
instance;ranking
num_projects;12
num_votes;40
budget;10000
vote_type;ordinal
rule;unknown
date_begin;01.10.2026
date_end;08.10.2026
max_length;5
currency;GBP
comment;#1: Equal Shares
PROJECTS
project_id;cost;votes;name;selected
p0;1850;13;Project 0;1
p1;2400;8;Project 1;1
p2;620;14;Project 2;1
p3;5200;9;Project 3;0
p4;6800;11;Project 4;0
p5;1480;12;Project 5;1
p6;740;14;Project 6;1
p7;990;11;Project 7;1
p8;310;17;Project 8;1
p9;4100;13;Project 9;0
p10;260;11;Project 10;1
p11;1300;8;Project 11;1
VOTES
voter_id;vote
1;p0,p11,p9,p8,p6
2;p4,p7
3;p7,p2,p1,p4
4;p0,p8,p4,p5
5;p3,p2,p6
6;p3,p5,p0
7;p3,p11,p6,p0,p9
8;p0,p5,p8,p7,p3
9;p4,p6
10;p7,p2,p1
11;p8,p0,p5,p6
12;p9,p6,p10,p8,p1
13;p5,p8,p2,p4,p11
14;p6,p2
15;p9,p8,p11
16;p2,p4
17;p2,p4
18;p2,p9
19;p5,p11,p4,p8,p10
20;p2,p6,p0,p8,p7
21;p8,p1
22;p4,p7,p6,p10
23;p8,p3
24;p0,p7
25;p0,p5,p9,p6
26;p8,p4,p7,p6
27;p3,p10,p5,p9
28;p2,p7,p6,p10
29;p10,p3,p1,p5,p8
30;p2,p11
31;p8,p6,p9,p10
32;p10,p9,p0
33;p8,p7,p10,p0
34;p9,p8,p1,p2
35;p5,p7,p10
36;p5,p1,p0,p9,p11
37;p4,p3,p9
38;p11,p2,p3,p10
39;p1,p8,p5,p0,p6
40;p9,p2
