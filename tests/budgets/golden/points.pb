META
key;value
description;Which first?
country;United Kingdom
unit;Hillgrove
instance;points
num_projects;12
num_votes;40
budget;10000
vote_type;cumulative
rule;unknown
date_begin;01.10.2026
date_end;08.10.2026
currency;GBP
comment;#1: Equal Shares
max_sum_points;10
PROJECTS
project_id;cost;votes;score;name;selected
p0;1850;22;52;Project 0;1
p1;2400;8;20;Project 1;1
p2;620;8;22;Project 2;1
p3;5200;13;35;Project 3;0
p4;6800;12;27;Project 4;0
p5;1480;16;40;Project 5;1
p6;740;13;38;Project 6;1
p7;990;13;27;Project 7;1
p8;310;12;33;Project 8;1
p9;4100;10;22;Project 9;0
p10;260;15;30;Project 10;1
p11;1300;8;17;Project 11;1
VOTES
voter_id;vote;points
1;p0,p3,p6,p7,p10;2,2,2,2,2
2;p0,p5,p9,p10;2,2,2,2
3;p0,p5,p8,p11;2,2,2,2
4;p6,p8;5,5
5;p6,p8;5,5
6;p0,p4,p5,p6,p11;2,2,2,2,2
7;p1,p3;5,5
8;p5,p6,p10,p11;2,2,2,2
9;p2,p6;5,5
10;p0,p3,p4,p9;2,2,2,2
11;p0,p5,p6,p7,p10;2,2,2,2,2
12;p0,p2,p5,p7;2,2,2,2
13;p0,p6,p7,p9,p10;2,2,2,2,2
14;p7,p9,p10,p11;2,2,2,2
15;p0,p3,p7,p9;2,2,2,2
16;p5,p6;5,5
17;p1,p4,p5,p8,p10;2,2,2,2,2
18;p0,p2,p4,p11;2,2,2,2
19;p1,p3,p6,p8;2,2,2,2
20;p1,p4,p5,p7,p10;2,2,2,2,2
21;p1,p5,p8,p9,p10;2,2,2,2,2
22;p0,p3,p4,p7;2,2,2,2
23;p2,p3,p8;3,3,3
24;p3,p5,p6,p11;2,2,2,2
25;p0,p2,p6,p10;2,2,2,2
26;p0,p4,p5,p8,p9;2,2,2,2,2
27;p0,p5,p7;3,3,3
28;p2,p3,p9;3,3,3
29;p2,p4,p7,p10;2,2,2,2
30;p0,p3,p9;3,3,3
31;p0,p1,p11;3,3,3
32;p0,p6,p7,p8,p10;2,2,2,2,2
33;p1,p4,p7,p10,p11;2,2,2,2,2
34;p3,p5;5,5
35;p0,p4;5,5
36;p0,p3,p7,p9,p10;2,2,2,2,2
37;p0,p5,p8;3,3,3
38;p0,p2,p8;3,3,3
39;p3,p4,p5,p8;2,2,2,2
40;p0,p1,p4,p10;2,2,2,2
