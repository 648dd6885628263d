"""The external examiner: sees a sample with its marks, the rubric, the spread of marks and the
record of moderation, by a link; takes them away as a pack; leaves comments that get a reply.

Everything goes by candidate codes and roles: nobody is named. Nothing here changes a mark.
"""
