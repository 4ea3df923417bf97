META
key;value
description;Which first?
country;United Kingdom
unit;Hillgrove
instance;approval
num_projects;12
num_votes;40
budget;10000
vote_type;approval
rule;unknown
date_begin;01.10.2026
date_end;08.10.2026
currency;GBP
comment;#1: Equal Shares
PROJECTS
project_id;cost;votes;name;selected
p0;1850;10;Project 0;0
p1;2400;8;Project 1;0
p2;620;9;Project 2;1
p3;5200;14;Project 3;0
p4;6800;10;Project 4;0
p5;1480;8;Project 5;1
p6;740;11;Project 6;1
p7;990;14;Project 7;1
p8;310;13;Project 8;1
p9;4100;14;Project 9;1
p10;260;9;Project 10;1
p11;1300;13;Project 11;1
VOTES
voter_id;vote
1;p8,p9,p11
2;p0,p11
3;p0,p11
4;p3,p4,p5,p9
5;p1,p3,p4,p8,p11
6;p8,p9,p10
7;p8,p10
8;p0,p2,p4,p6,p9
9;p1,p11
10;p0,p3,p9,p11
11;p3,p6,p7,p10,p11
12;p0,p1,p8,p9
13;p2,p5,p6,p7,p10
14;p3,p8,p9
15;p4,p6
16;p0,p3,p9
17;p6,p8,p9,p11
18;p3,p8,p11
19;p5,p7,p11
20;p2,p5,p8
21;p3,p4,p5,p7,p9
22;p1,p3,p7,p8,p9
23;p2,p7,p8
24;p0,p5,p6,p7,p10
25;p4,p5,p6,p8,p9
26;p2,p3,p4
27;p3,p6,p7,p9
28;p7,p10
29;p1,p7
30;p1,p2,p7
31;p3,p6,p7,p10
32;p3,p10
33;p0,p2
34;p1,p3,p4,p11
35;p2,p10
36;p0,p6,p7,p8
37;p2,p7
38;p1,p4,p11
39;p0,p4,p6,p11
40;p5,p9
