META
key;value
description;Which first?
country;United Kingdom
unit;Hillgrove
instance;knapsack
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
p0;1850;13;Project 0;1
p1;2400;6;Project 1;1
p2;620;3;Project 2;1
p3;5200;10;Project 3;0
p4;6800;11;Project 4;0
p5;1480;8;Project 5;1
p6;740;5;Project 6;1
p7;990;18;Project 7;1
p8;310;9;Project 8;1
p9;4100;5;Project 9;0
p10;260;9;Project 10;1
p11;1300;19;Project 11;1
VOTES
voter_id;vote
1;p5,p11
2;p5,p11
3;p0,p5,p7,p8,p9
4;p0,p3,p7,p11
5;p0,p5
6;p4,p7,p8,p11
7;p4,p7,p10,p11
8;p2,p4,p6,p11
9;p10,p11
10;p1,p4,p8
11;p0,p3,p5,p11
12;p1,p7,p11
13;p1,p8,p10
14;p4,p11
15;p4,p7,p10
16;p0,p8
17;p6,p9
18;p0,p6,p8,p10
19;p7,p10,p11
20;p3,p5
21;p3,p6,p11
22;p7,p11
23;p7,p11
24;p3,p8,p9
25;p4,p7,p11
26;p1,p2,p8
27;p4,p7
28;p0,p7
29;p3,p7,p8,p10,p11
30;p4,p6,p7
31;p0,p7,p11
32;p0,p9
33;p1,p2,p3,p11
34;p3,p11
35;p5,p7,p9
36;p0,p1,p3
37;p5,p10
38;p0,p4
39;p0,p4,p7
40;p0,p3,p7,p10
