/// LisAuth: x
